// Taps on the answer, bound by the learner: the page is cut into as many upright strips as there are bindings.
import type { Rating, TapAct } from '../wire';

export const ratingOf: Readonly<Record<Exclude<TapAct, 'none' | 'undo'>, Rating>> = {
  again: 1,
  hard: 2,
  good: 3,
  easy: 4,
};

/** The binding of the strip at `x` of a page so wide. */
export function zoneAt(x: number, width: number, zones: readonly TapAct[]): TapAct {
  const place = Math.floor((x / width) * zones.length);
  return zones[Math.min(Math.max(place, 0), zones.length - 1)] ?? 'none';
}
