/** Looking back on a day, and ahead to the days that come: the end of a sitting asks for it. */
import { answersIn, recalledIn, reviewsIn } from '../stats';
import { countsOn } from './days';
import type { Tx } from './engine';
import { journalOf, liveDecks } from './reads';
import type { DaySummary } from './types';

/** What was done on a day as the page of statistics counts it: other devices' answers too, as far as they are known here. */
export async function summaryOf(tx: Tx, day: number): Promise<DaySummary> {
  const counts = await countsOn(tx, day, await journalOf(tx, day));
  return {
    day,
    answers: answersIn(counts),
    reviewed: reviewsIn(counts),
    recalled: recalledIn(counts),
    duration_ms: counts.duration_ms,
    next_due: await nextDueOf(tx, day),
  };
}

const LAST_DAY = 1_000_000;

/** The first day after `day` on which cards fall due: one look at each end of the indexes, however far it is. */
async function nextDueOf(tx: Tx, day: number): Promise<{ day: number; cards: number } | null> {
  const decks = await liveDecks(tx);
  const first = async (index: 'review' | 'learning', id: string) => {
    const [card] = await tx.rows('cards', { index, range: { from: [id, day + 1], to: [id, LAST_DAY] }, limit: 1 });
    return card?.due_day ?? LAST_DAY;
  };
  const days = await Promise.all(decks.flatMap(({ id }) => [first('review', id), first('learning', id)]));
  const next = Math.min(LAST_DAY, ...days);
  if (next === LAST_DAY) return null;
  const [cards = 0] = await forecastOf(tx, next, next);
  return { day: next, cards };
}

/** Cards that fall due on each day from `from` to `to`, steps of days included. */
export async function forecastOf(tx: Tx, from: number, to: number): Promise<number[]> {
  const decks = await liveDecks(tx);
  const due = Array.from({ length: Math.max(0, to - from + 1) }, async (_, ahead) => {
    const range = (id: string) => ({ from: [id, from + ahead], to: [id, from + ahead] });
    const counts = decks.flatMap(({ id }) => [
      tx.count('cards', { index: 'review', range: range(id) }),
      tx.count('cards', { index: 'learning', range: range(id) }),
    ]);
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  });
  return Promise.all(due);
}
