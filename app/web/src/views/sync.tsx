import { useState } from 'preact/hooks';
import type { MediaState } from '../media';
import { useServerAct } from '../parts/asked';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { actWord } from '../parts/dock';
import { Sheet } from '../parts/sheet';
import { FailedToReach, FailedToRead, Loading } from '../parts/states';
import { TakeOut } from '../parts/take_out';
import { store, syncNow, syncStatus, useStored } from '../state/device';
import { download, downloadFrom } from '../state/server';
import { learner } from '../state/settings';
import type { RefusedItem } from '../store';
import { t } from '../words';
import { moment } from '../words/time';

const MB = 1024 ** 2;

/** What the server has, what it does not have yet, and what it refused: nothing is dropped silently. */
export default function SyncPage() {
  return (
    <>
      <Banners update />
      <Bar title={t('syncAndData')} back="/me" />
      <main class="page stack wide" id="main">
        <State />
        <Refused />
        <Pictures />
        <TakeOut />
        <ExportAll />
      </main>
    </>
  );
}

/** Nothing waits, but nothing would be sent either. */
function cutOff(): string {
  return learner.value?.kind === 'named' ? t('signedOutHint') : t('backupLost');
}

function State() {
  const { unsent, syncedAt, phase, problem } = syncStatus.value;
  const [ran, setRan] = useState(false);
  const run = async () => {
    await syncNow();
    setRan(true);
  };
  const busy = phase === 'syncing';
  const isOut = phase === 'signed-out';
  return (
    <section>
      <div role="status" class="stack">
        <p>{unsent > 0 ? t('unsynced', { n: unsent }) : isOut ? cutOff() : t('allSynced')}</p>
        <p class="muted">{syncedAt === null ? t('neverSynced') : t('lastSync', { time: moment(syncedAt) })}</p>
        {ran && ['offline', 'waiting', 'outdated'].includes(phase) && (
          <p class="wrong">{problem?.detail ?? problem?.title ?? t('cannotReach')}</p>
        )}
      </div>
      <button type="button" class="button main" aria-disabled={busy} onClick={() => !busy && void run()}>
        {busy ? t('syncing') : t('syncNow')}
      </button>
    </section>
  );
}

function Refused() {
  const [asking, setAsking] = useState(false);
  const stored = useStored((device) => device.refused(), ['outbox']);
  if (stored.state === 'loading') return <Loading />;
  if (stored.state === 'failed') return <FailedToRead reason={stored.reason} />;
  const items = stored.value;
  const save = () => {
    const content = new Blob([JSON.stringify(items, null, 2)], { type: 'application/json' });
    download('wengu-refused.json', content);
  };
  return (
    <section aria-labelledby="refused">
      <h2 id="refused">{t('refusedTitle')}</h2>
      {items.length === 0 ? (
        <p class="muted">{t('refusedNone')}</p>
      ) : (
        <>
          <p class="muted">{t('refusedSafe')}</p>
          <ul class="rows">
            {items.map((item) => (
              <li key={item.id} class="row wrap">
                <RefusedRow item={item} />
              </li>
            ))}
          </ul>
          <div class="actions fill">
            <button type="button" class="button" onClick={save}>
              {t('exportRefused')}
            </button>
            {items.length > 1 && (
              <button type="button" class="button bad" onClick={() => setAsking(true)}>
                {t('dismissAll')}
              </button>
            )}
          </div>
        </>
      )}
      {asking && <DismissAll items={items} onSave={save} onClose={() => setAsking(false)} />}
    </section>
  );
}

interface DismissAll {
  items: readonly RefusedItem[];
  onSave: () => void;
  onClose: () => void;
}

/** They are nowhere else: what goes with one tap is asked for twice. */
function DismissAll({ items, onSave, onClose }: DismissAll) {
  const dismiss = async () => {
    await store().dismissRefused(...items.map(({ id }) => id));
    onClose();
  };
  return (
    <Sheet title={t('dismissAll')} onClose={onClose}>
      <div class="stack">
        <p>{t('dismissAllHint', { n: items.length })}</p>
        <button type="button" class="button" onClick={onSave}>
          {t('exportRefused')}
        </button>
        <button type="button" class="button bad" onClick={() => void dismiss()}>
          {t('dismissAllNow', { n: items.length })}
        </button>
      </div>
    </Sheet>
  );
}

function RefusedRow({ item }: { item: RefusedItem }) {
  const { problem, at, id, body } = item;
  return (
    <>
      <span class="grow">
        {problem.detail ?? problem.title}
        <br />
        <span class="muted small">
          {'card_id' in body && `${actWord(body)} · `}
          {moment(at)}
        </span>
      </span>
      <button type="button" class="button" onClick={() => void store().dismissRefused(id)}>
        {t('gotIt')}
      </button>
    </>
  );
}

/** How many of the cards' pictures and sounds are here for times without a network, and those that the server would not have. */
function Pictures() {
  const stored = useStored(
    async (device) => ({
      found: (await device.recall('media')) as MediaState | null,
      refused: (await device.engine.run('readonly', ['media'], (tx) => tx.rows('media'))).filter(
        ({ problem }) => problem,
      ),
    }),
    ['content', 'outbox'],
  );
  if (stored.state !== 'ready') return null;
  const { found, refused } = stored.value;
  if (!found?.wanted && refused.length === 0) return null;
  return (
    <section aria-labelledby="pictures">
      <h2 id="pictures">{t('mediaTitle')}</h2>
      {found && found.wanted > 0 && (
        <p>
          {t('mediaHere', { here: found.here, wanted: found.wanted, size: (found.bytes / MB).toFixed(1) })}
          {found.full && ` ${t('mediaFull')}`}
        </p>
      )}
      {refused.map(({ hash, problem }) => (
        <p class="wrong" key={hash}>
          {t('mediaRefused', { why: problem?.detail ?? problem?.title ?? '' })}
        </p>
      ))}
    </section>
  );
}

function ExportAll() {
  const { busy, failed, act } = useServerAct();
  const save = () => act(() => downloadFrom('/api/learner/export', 'wengu.json'));
  return (
    <section>
      <button type="button" class="button" aria-disabled={busy} onClick={() => !busy && void save()}>
        {t('exportAll')}
      </button>
      <p class="muted note">{t('exportAllHint')}</p>
      {failed && <FailedToReach problem={failed.problem} onRetry={() => void save()} />}
    </section>
  );
}
