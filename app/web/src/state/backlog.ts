// What is overdue on this device, and how long it would take.
import type { Backlog } from '../catch_up';
import type { Store } from '../store';
import { liveDecks } from '../store/reads';

const AHEAD = 60;
const SAMPLE = 200;
/** More than the desired retention lets expect: what is overdue is forgotten more often. */
const FORGOTTEN = 0.25;

export interface Overdue extends Backlog {
  /** Reviews that were due before yesterday: who studies daily has none. */
  late: number;
}

export async function overdue(store: Store): Promise<Overdue> {
  const today = store.today();
  const coming = await store.forecast(today + 1, today + AHEAD);
  return store.engine.run('readonly', ['decks', 'cards'], async (tx) => {
    const decks = await liveDecks(tx);
    const range = (id: string, last: number) => ({ from: [id], to: [id, last] });
    const count = async (last: number) => {
      const each = decks.map(({ id }) => tx.count('cards', { index: 'review', range: range(id, last) }));
      return (await Promise.all(each)).reduce((sum, some) => sum + some, 0);
    };
    const some = decks.map(({ id }) => tx.rows('cards', { index: 'review', range: range(id, today), limit: SAMPLE }));
    const gaps = (await Promise.all(some)).flat().map((card) => (card.due_day ?? 0) - (card.last_day ?? 0));
    gaps.sort((a, b) => a - b);
    const gap = gaps[Math.floor(gaps.length / 2)] ?? 1;
    return { due: await count(today), late: await count(today - 2), coming, gap, forgotten: FORGOTTEN };
  });
}
