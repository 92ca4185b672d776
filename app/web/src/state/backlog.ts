// What is overdue on this device, and how long it would take.
import type { Backlog } from '../catch_up';
import type { Store } from '../store';
import type { Tx } from '../store/engine';
import { liveDecks } from '../store/reads';
import type { DeckRow } from '../wire';

const AHEAD = 60;
const SAMPLE = 200;
/** More than the desired retention lets expect: what is overdue is forgotten more often. */
const FORGOTTEN = 0.25;

export async function overdue(store: Store): Promise<Backlog> {
  const today = store.today();
  const found = await store.engine.run('readonly', ['decks', 'cards'], async (tx) => {
    const decks = await liveDecks(tx);
    const due = await countUntil(tx, decks, today);
    if (due === 0) return { due, gap: 1 };
    const some = decks.map(({ id }) => tx.rows('cards', { index: 'review', range: until(id, today), limit: SAMPLE }));
    const gaps = (await Promise.all(some)).flat().map((card) => (card.due_day ?? 0) - (card.last_day ?? 0));
    gaps.sort((a, b) => a - b);
    return { due, gap: gaps[Math.floor(gaps.length / 2)] ?? 1 };
  });
  // Sixty days of every deck are many questions: not for who has nothing to catch up with.
  const coming = found.due === 0 ? [] : await store.forecast(today + 1, today + AHEAD);
  return { ...found, coming, forgotten: FORGOTTEN };
}

/** Reviews that were due before yesterday: who studies daily has none. */
export function lateReviews(store: Store): Promise<number> {
  return store.engine.run('readonly', ['decks', 'cards'], async (tx) =>
    countUntil(tx, await liveDecks(tx), store.today() - 2),
  );
}

const until = (deckId: string, day: number) => ({ from: [deckId], to: [deckId, day] });

async function countUntil(tx: Tx, decks: readonly DeckRow[], day: number): Promise<number> {
  const each = decks.map(({ id }) => tx.count('cards', { index: 'review', range: until(id, day) }));
  return (await Promise.all(each)).reduce((sum, some) => sum + some, 0);
}
