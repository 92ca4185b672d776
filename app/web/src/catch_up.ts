/** How long a backlog lasts at so many reviews a day. Pure; it errs on the late side. */

export interface Backlog {
  /** Reviews that are due now. */
  due: number;
  /** Reviews that fall due by themselves on each of the following days. */
  coming: readonly number[];
  /** After how many days a card that was known comes back at the earliest. */
  gap: number;
  /** The share of cards that are not known any more and come back the next day. */
  forgotten: number;
}

const LONGEST_DAYS = 365;

/** Days until nothing is overdue any more, today included; null when it does not end within a year. */
export function daysToCatchUp({ due, coming, gap, forgotten }: Backlog, perDay: number): number | null {
  const back = new Array<number>(LONGEST_DAYS + 1).fill(0);
  let left = due;
  for (let day = 0; day < LONGEST_DAYS; day++) {
    if (day > 0) left += (coming[day - 1] ?? 0) + (back[day] ?? 0);
    const done = Math.min(perDay, left);
    left -= done;
    if (left < 1) return day + 1;
    for (const [after, share] of [
      [1, forgotten],
      [Math.max(1, gap), 1 - forgotten],
    ] as const) {
      const then = day + after;
      if (then <= LONGEST_DAYS) back[then] = (back[then] ?? 0) + done * share;
    }
  }
  return null;
}
