import { store } from '../state/device';
import { ask } from '../state/server';
import { learner } from '../state/settings';
import { t } from '../words';
import { dateOfDay } from '../words/time';
import { sentenceOf, useAsked } from './asked';
import { Icon } from './icon';
import { Loading } from './states';
import { say } from './toast';

interface DeviceRow {
  id: string;
  name: string;
  /** Exact to the day only. */
  last_seen_day: number;
}

async function devices(): Promise<DeviceRow[]> {
  const { items } = await ask<{ items: DeviceRow[] }>('GET', '/api/devices');
  return items;
}

/** The devices that study as this learner; nobody yet has none. */
export function Devices() {
  const id = learner.value?.id;
  return id ? <Known key={id} /> : null;
}

function Known() {
  const { asked, again } = useAsked(devices);
  const remove = async (device: DeviceRow) => {
    try {
      await ask('DELETE', `/api/devices/${device.id}`);
    } catch (error) {
      say(sentenceOf(error) ?? t('cannotReach'));
    }
    again();
  };
  return (
    <section aria-labelledby="devices">
      <h2 id="devices">{t('devices')}</h2>
      {asked.state === 'loading' && <Loading />}
      {asked.state === 'failed' && <p class="muted">{asked.problem ?? t('needsNetwork')}</p>}
      {asked.state === 'ready' && (
        <ul class="rows">
          {asked.value.map((device) => (
            <li key={device.id} class="row">
              <DeviceWords device={device} onRemove={() => void remove(device)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function DeviceWords({ device, onRemove }: { device: DeviceRow; onRemove: () => void }) {
  const own = device.id === store().deviceId;
  return (
    <>
      <span class="grow">
        <b>{device.name || t('unnamedDevice')}</b>
        <span class="muted note">
          {own ? t('thisDevice') : t('lastSeen', { time: dateOfDay(device.last_seen_day) })}
        </span>
      </span>
      {!own && (
        <button
          type="button"
          class="icon-button"
          aria-label={t('removeDevice', { name: device.name })}
          title={t('remove')}
          onClick={onRemove}
        >
          <Icon name="remove" />
        </button>
      )}
    </>
  );
}
