// Every day of the last weeks: a row a week, each day to be read by touch, by keys, and by a screen reader.
import { useEffect, useRef, useState } from 'preact/hooks';
import { busyDay, CALENDAR_WEEKS, type Days, levelOf, totalOf, weeksOf } from '../../spans';
import { answersIn, type DayCounts, NOTHING, recalledIn, reviewsIn } from '../../stats';
import type { Break } from '../../wire';
import { percent, t } from '../../words';
import { dateIn, longDate } from '../../words/dates';
import { spent } from '../../words/time';
import { Part } from './figures';

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6] as const;
const LEVELS = [0, 1, 2, 3, 4] as const;
const MOVES: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

interface Props {
  days: Days;
  breaks: readonly Break[];
  today: number;
  /** Pages further back: 0 is now. */
  page: number;
  onPage: (page: number) => void;
  /** Why there is no earlier page; null when there is one. */
  end: 'asking' | 'failed' | 'over' | null;
}

export function Calendar({ days, breaks, today, page, onPage, end }: Props) {
  const weeks = weeksOf(today, page);
  const [first, last] = [weeks[0] ?? today, Math.min(today, (weeks.at(-1) ?? today) + 6)];
  const [chosen, setChosen] = useState(today);
  const shown = Math.min(Math.max(chosen, first), last);
  const { studied } = totalOf(days, first, last);
  return (
    <Part id="calendar" title={t('statsCalendar')} says={t('statsCalendarSay', { weeks: CALENDAR_WEEKS, n: studied })}>
      <Weeks {...{ weeks, days, today, last }} busy={busyDay(days, first, last)} chosen={shown} onChoose={setChosen} />
      <p role="status" class="day-words">
        {dayWords(shown, days.get(shown) ?? NOTHING, breaks)}
      </p>
      <p class="small muted legend levels" aria-hidden="true">
        {t('statsFew')}
        {LEVELS.map((level) => (
          <span key={level} class="level" data-level={level} />
        ))}
        {t('statsMany')}
      </p>
      <div class="actions">
        <button type="button" class="button" disabled={end !== null} onClick={() => onPage(page + 1)}>
          {t('statsEarlier')}
        </button>
        <button type="button" class="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
          {t('statsLater')}
        </button>
      </div>
      {end === 'failed' && <p class="small muted">{t('statsEarlierLater')}</p>}
    </Part>
  );
}

function dayWords(day: number, counts: DayCounts, breaks: readonly Break[]): string {
  const date = longDate(day);
  const [answers, reviews] = [answersIn(counts), reviewsIn(counts)];
  if (answers === 0) {
    const isOff = breaks.some(({ first, last }) => first <= day && day <= last);
    return t(isOff ? 'statsDayOff' : 'statsDayNothing', { date });
  }
  const parts = [t('statsDayTimes', { date, n: answers }), spent(counts.duration_ms)];
  if (reviews > 0) parts.push(t('statsDayRecall', { share: percent(recalledIn(counts) / reviews) }));
  return parts.join(' · ');
}

interface Weeks {
  weeks: readonly number[];
  days: Days;
  busy: number;
  today: number;
  last: number;
  chosen: number;
  onChoose: (day: number) => void;
}

function Weeks({ weeks, days, busy, today, last, chosen, onChoose }: Weeks) {
  const table = useRef<HTMLTableElement>(null);
  const byKey = useRef(false);
  useEffect(() => {
    if (byKey.current) table.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    byKey.current = false;
  }, [chosen]);
  const move = (event: KeyboardEvent) => {
    const step = MOVES[event.key];
    const to = chosen + (step ?? 0);
    if (step === undefined || to > last || to < (weeks[0] ?? to)) return;
    event.preventDefault();
    byKey.current = true;
    onChoose(to);
  };
  return (
    <table class="weeks" ref={table} onKeyDown={move}>
      <thead>
        <tr>
          <td />
          {WEEKDAYS.map((weekday) => (
            <th key={weekday} scope="col">
              {dateIn({ weekday: 'narrow' }, 4 + weekday)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((monday) => (
          <tr key={monday}>
            <th scope="row">{dateIn({ month: 'numeric', day: 'numeric' }, monday)}</th>
            {WEEKDAYS.map((weekday) => (
              <td key={weekday}>
                {monday + weekday <= last && (
                  <Day
                    day={monday + weekday}
                    answers={answersIn(days.get(monday + weekday) ?? NOTHING)}
                    {...{ busy, today, chosen, onChoose }}
                  />
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Day = Omit<Weeks, 'weeks' | 'days' | 'last'> & { day: number; answers: number };

function Day({ day, answers, busy, today, chosen, onChoose }: Day) {
  return (
    <button
      type="button"
      tabIndex={day === chosen ? 0 : -1}
      aria-pressed={day === chosen}
      aria-current={day === today ? 'date' : undefined}
      aria-label={
        answers > 0
          ? t('statsDayTimes', { date: longDate(day), n: answers })
          : t('statsDayNothing', { date: longDate(day) })
      }
      onClick={() => onChoose(day)}
    >
      <span class="level" data-level={levelOf(answers, busy)} />
    </button>
  );
}
