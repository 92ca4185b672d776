/**
 * Breaks planned ahead, the same as the server's `core/breaks.py`: what would fall due in one comes before it, or after it bit by bit.
 * No due day changes, in the log or in the cache: a break only says on which day a card is shown.
 */
import { hashOf } from './fuzz';
import type { Break } from './wire';

/** Over so many days at most the cards of a break are spread, before it and after it. */
const MOST_DAYS = 7;

function spreadOf({ first, last }: Break): number {
  return Math.min(MOST_DAYS, last - first + 1);
}

function isIn(day: number, { first, last }: Break): boolean {
  return first <= day && day <= last;
}

/**
 * Whether a review is to be shown. In the days before a break each of its cards has a day on which it is due early, unless it was
 * answered in these days already. After the break those that are left have each a day on which they come back.
 */
export function isDueWith(
  { id, due_day, last_day }: { id: string; due_day: number | null; last_day: number | null },
  day: number,
  breaks: readonly Break[],
): boolean {
  if (due_day === null) return false;
  for (const off of breaks) {
    if (!isIn(due_day, off)) continue;
    const spread = spreadOf(off);
    if (day < off.first) {
      const isFresh = last_day === null || last_day < off.first - spread;
      return isFresh && day >= off.first - 1 - (hashOf(id, off.first) % spread);
    }
    if (day > off.last) return day >= off.last + 1 + (hashOf(id, off.last) % spread);
  }
  return due_day <= day;
}

/** The last due day of a card that can be shown on this day. */
export function reach(day: number, breaks: readonly Break[]): number {
  const ahead = breaks.filter((off) => off.first - spreadOf(off) <= day && day < off.first);
  return Math.max(day, ...ahead.map(({ last }) => last));
}

/** How many days between two days were no break. */
export function missedDays(after: number, before: number, breaks: readonly Break[]): number {
  let missed = 0;
  for (let day = after + 1; day < before; day++) if (!breaks.some((off) => isIn(day, off))) missed++;
  return missed;
}
