/** Where a learner stands: the share of an exam's cards that they would know there, as a band. */
import type { Readiness } from '../wire';
import type { Memory, Trace } from './memory';

/** A card as it counts at an exam; `age` is days since it was last seen, null for never. */
export interface Counted extends Trace {
  age: number | null;
  weight: number;
}

/** Mean recall in `at` days if nothing more is studied, weighted; a card never seen counts 0. */
export function meanRecall(cards: Iterable<Counted>, at: number, memory: Memory): number {
  let known = 0;
  let all = 0;
  for (const { age, stability, weight } of cards) {
    all += weight;
    if (age !== null && weight > 0) known += weight * memory.recall(age + at, stability);
  }
  return all > 0 ? known / all : 0;
}

/** The band moved by what has been learnt (and forgotten) since it was drawn. */
export function movedBand({ mean, low, high }: Readiness, by: number): Readiness {
  const move = (value: number) => Math.min(Math.max(value + by, 0), 1);
  return { mean: move(mean), low: move(low), high: move(high) };
}
