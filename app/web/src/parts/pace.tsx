// Working a backlog off in small days, and breaks planned ahead: offered, never forced.
import { useState } from 'preact/hooks';
import { daysToCatchUp } from '../catch_up';
import { overdue } from '../state/backlog';
import { today, useStored } from '../state/device';
import { change, settings } from '../state/settings';
import type { Break } from '../wire';
import { t } from '../words';
import { dayOfField, fieldOfDay, longDate } from '../words/dates';
import { NumberRow, SwitchRow } from './fields';
import { say } from './toast';

const USUAL_PACE = 50;
const MOST_BREAKS = 20;

export function Pace() {
  return (
    <>
      <section aria-labelledby="pace">
        <h2 id="pace">{t('pace')}</h2>
        <CatchUp />
      </section>
      <Breaks />
    </>
  );
}

function CatchUp() {
  const stored = useStored(overdue, ['cards', 'content', 'learner']);
  const perDay = settings.value.catch_up;
  const backlog = stored.state === 'ready' ? stored.value : null;
  const days = backlog && daysToCatchUp(backlog, perDay ?? USUAL_PACE);
  return (
    <div class="rows">
      <SwitchRow
        label={t('catchUp')}
        hint={t('catchUpHint')}
        on={perDay !== null}
        onChange={(on) => void change({ catch_up: on ? USUAL_PACE : null })}
      />
      {perDay !== null && (
        <NumberRow
          label={t('catchUpPerDay')}
          value={perDay}
          least={1}
          most={9999}
          onChange={(count) => void change({ catch_up: count })}
        />
      )}
      {backlog && backlog.due > 0 && (
        <p class="note muted" role="status">
          {t('dueNow', { n: backlog.due })}{' '}
          {days === null
            ? t('catchUpNever', { count: perDay ?? USUAL_PACE })
            : t('catchUpDays', { count: perDay ?? USUAL_PACE, n: days })}
        </p>
      )}
    </div>
  );
}

function Breaks() {
  const planned = settings.value.breaks.filter(({ last }) => last >= today.value);
  const keep = (breaks: readonly Break[]) => void change({ breaks: [...breaks] });
  return (
    <section aria-labelledby="breaks">
      <h2 id="breaks">{t('breaks')}</h2>
      <p class="note muted">{t('breaksHint')}</p>
      {planned.length > 0 && (
        <ul class="rows">
          {planned.map((off) => (
            <li key={off.first} class="row">
              <span class="grow">{t('breakDays', { first: longDate(off.first), last: longDate(off.last) })}</span>
              <button
                type="button"
                class="button plain"
                aria-label={t('breakRemoveOf', { first: longDate(off.first) })}
                onClick={() => keep(planned.filter((other) => other !== off))}
              >
                {t('remove')}
              </button>
            </li>
          ))}
        </ul>
      )}
      {planned.length < MOST_BREAKS && <NewBreak planned={planned} onAdd={(off) => keep([...planned, off])} />}
    </section>
  );
}

function NewBreak({ planned, onAdd }: { planned: readonly Break[]; onAdd: (off: Break) => void }) {
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const [tried, setTried] = useState(false);
  const off = { first: dayOfField(first) ?? Number.NaN, last: dayOfField(last) ?? Number.NaN };
  const free = planned.every((other) => other.last < off.first || off.last < other.first);
  const fits = off.first > today.value && off.last >= off.first && off.last - off.first < 366 && free;
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!fits) return;
    onAdd(off);
    setTried(false);
    setFirst('');
    setLast('');
    say(t('saved'));
  };
  return (
    <form class="stack" onSubmit={add} noValidate>
      <DateField id="break-first" label={t('breakFirst')} value={first} onInput={setFirst} />
      <DateField id="break-last" label={t('breakLast')} value={last} onInput={setLast} />
      {tried && !fits && (
        <p class="wrong" role="alert">
          {t('breakWrong')}
        </p>
      )}
      <button type="submit" class="button">
        {t('breakAdd')}
      </button>
    </form>
  );
}

interface DateField {
  id: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
}

function DateField({ id, label, value, onInput }: DateField) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="date"
        min={fieldOfDay(today.value + 1)}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
