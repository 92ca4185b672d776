/** Days studied in a row, the same as the server's `core/stats.py`: a missed day is forgiven once, and forgiving is earned back. */

import { missedDays } from './breaks';
import type { Break } from './wire';

export const FREEZES = 1;
const DAYS_TO_EARN_A_FREEZE = 7;

/** `days` studied in the streak that still runs, `freezes` left to forgive a missed day, `today` whether today is one of them. */
export interface Streak {
  days: number;
  freezes: number;
  today: boolean;
}

/**
 * The streak over the learner days on which something was answered. A missed day uses up a freeze instead of ending the streak; seven
 * days of study in a row earn one back, never more than `most`. Today is not missed before it is over, and days to come do not count. Days of
 * a planned break are never missed.
 */
export function streak(days: Iterable<number>, today: number, most = FREEZES, breaks: readonly Break[] = []): Streak {
  const studied = [...new Set(days)].filter((day) => day <= today).sort((a, b) => a - b);
  let [length, left, row] = [0, most, 0];
  let last: number | null = null;
  const miss = (missed: number) => {
    if (missed <= 0) return;
    row = 0;
    [length, left] = missed <= left ? [length, left - missed] : [0, most];
  };
  for (const day of studied) {
    miss(last === null ? 0 : missedDays(last, day, breaks));
    [length, row, last] = [length + 1, row + 1, day];
    if (row % DAYS_TO_EARN_A_FREEZE === 0) left = Math.min(left + 1, most);
  }
  miss(last === null ? 0 : missedDays(last, today, breaks));
  return { days: length, freezes: left, today: last === today && last !== null };
}
