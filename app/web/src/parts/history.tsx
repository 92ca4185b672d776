// A card's history: a small chart for the eye, and the same as a table for everyone.
import { store } from '../state/device';
import { ask } from '../state/server';
import type { CardRow, Kind, Rating } from '../wire';
import { t } from '../words';
import { days, interval, moment, spent } from '../words/time';
import { useAsked } from './asked';
import { Chart } from './chart';
import { actWord } from './dock';
import { Loading } from './states';

/** What the views need of an event, from the server or from this device's journal. */
export interface Past {
  id: string;
  kind: Kind;
  rating: Rating | null;
  at: number;
  day: number;
  duration_ms: number;
  data: Readonly<Record<string, unknown>>;
}

interface Known {
  /** Oldest first, without what was taken back. */
  events: readonly Past[];
  whole: boolean;
}

const PAGE = 200;

/** The whole history from the server, else what this device remembers. */
async function historyOf(cardId: string): Promise<Known> {
  const own = (await store().history(cardId)).map((entry) => entry.event);
  try {
    const all = await fromServer(cardId);
    const known = new Set(all.map((event) => event.id));
    return { events: standing([...all, ...own.filter((event) => !known.has(event.id))]), whole: true };
  } catch {
    return { events: standing(own), whole: false };
  }
}

async function fromServer(cardId: string): Promise<Past[]> {
  const events: Past[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const from: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: Past[]; next: string | null } = await ask(
      'GET',
      `/api/cards/${cardId}/history?limit=${PAGE}${from}`,
    );
    events.push(...page.items);
    cursor = page.next;
  }
  return events;
}

function standing(events: readonly Past[]): Past[] {
  const undone = new Set(events.filter(({ kind }) => kind === 'undo').map(({ data }) => data.event));
  const kept = events.filter((event) => event.kind !== 'undo' && !undone.has(event.id));
  return kept.sort((a, b) => a.at - b.at);
}

export function HistoryOf({ card }: { card: CardRow }) {
  const { asked } = useAsked(() => historyOf(card.id), [card.id, card.reps, card.seq, card.flag, card.suspended]);
  if (asked.state !== 'ready') return <Loading />;
  const { events, whole } = asked.value;
  if (events.length === 0) return <p class="muted">{t('historyNone')}</p>;
  const answers = events.filter((event) => event.kind === 'answer');
  return (
    <>
      {new Set(answers.map((answer) => answer.day)).size > 1 && <Chart answers={answers} />}
      {!whole && <p class="muted small">{t('historyHere')}</p>}
      <HistoryTable events={events} />
    </>
  );
}

function HistoryTable({ events }: { events: readonly Past[] }) {
  const rows = events.map((event, index) => ({ event, since: sinceLast(events, index) })).reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label={t('historyTable')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('historyWhen')}</th>
            <th scope="col">{t('historyWhat')}</th>
            <th scope="col">{t('historyInterval')}</th>
            <th scope="col">{t('historyTook')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ event, since }) => (
            <tr key={event.id}>
              <td>{moment(event.at)}</td>
              <td>{actWord(event)}</td>
              <td>{since}</td>
              <td>{event.kind === 'answer' ? spent(event.duration_ms, 'short') : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function sinceLast(events: readonly Past[], index: number): string {
  const [event, before] = [events[index], events[index - 1]];
  if (!event || !before) return '–';
  if (event.day !== before.day) return days(Math.max(1, event.day - before.day));
  return interval(Math.max(0, event.at - before.at) / 60_000);
}
