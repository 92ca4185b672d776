/** The memory model of FSRS-6: what an answer does to a card, what time does to it. The same as the server's `core/exam/memory.py`. */
import type { Rating } from '../wire';

const AGAIN = 1;
const GOOD = 3;
const EASY = 4;
const LEAST_STABILITY = 0.001;
const MOST_STABILITY = 36_500;

/** Stability in days, difficulty from 1 to 10. */
export interface Trace {
  stability: number;
  difficulty: number;
}

/** One learner's memory, from 21 weights. */
export class Memory {
  private readonly decay: number;
  private readonly factor: number;

  constructor(private readonly w: readonly number[]) {
    this.decay = this.weight(20);
    this.factor = 0.9 ** (-1 / this.decay) - 1;
  }

  private weight(place: number): number {
    return this.w[place] ?? 0;
  }

  /** The same memory with a forgetting curve at least as steep as `decay`. */
  hedged(decay: number): Memory {
    return new Memory(this.w.map((weight, place) => (place === 20 ? Math.max(weight, decay) : weight)));
  }

  /** The chance (0 to 1) of recall after so many days; negative time counts as none. */
  recall(elapsed: number, stability: number): number {
    return (1 + (this.factor * Math.max(elapsed, 0)) / stability) ** -this.decay;
  }

  /** After the first answer to a new card. */
  first(grade: Rating): Trace {
    const stability = Math.max(this.weight(grade - 1), LEAST_STABILITY);
    return { stability, difficulty: within(this.firstDifficulty(grade), 1, 10) };
  }

  /** After one answer to a card that was seen `elapsed` days ago. */
  answered({ stability, difficulty }: Trace, elapsed: number, grade: Rating, sameDay: boolean): Trace {
    const later = this.nextDifficulty(difficulty, grade);
    if (sameDay) return { stability: this.afterRepeat(stability, grade), difficulty: later };
    const recall = this.recall(elapsed, stability);
    const next =
      grade === AGAIN
        ? this.afterFail(stability, difficulty, recall)
        : this.afterPass(stability, difficulty, recall, grade);
    return { stability: next, difficulty: later };
  }

  /** Stability after a pass on a later day than the last answer. */
  private afterPass(stability: number, difficulty: number, recall: number, grade: Rating): number {
    const bonus = grade === GOOD ? 1 : grade === EASY ? this.weight(16) : this.weight(15);
    const growth = Math.exp(this.weight(8)) * (11 - difficulty) * stability ** -this.weight(9);
    const grown = stability * (1 + growth * Math.expm1((1 - recall) * this.weight(10)) * bonus);
    return within(grown, LEAST_STABILITY, MOST_STABILITY);
  }

  /** Stability after Again on a later day than the last answer. */
  private afterFail(stability: number, difficulty: number, recall: number): number {
    const lapse =
      this.weight(11) *
      difficulty ** -this.weight(12) *
      ((stability + 1) ** this.weight(13) - 1) *
      Math.exp((1 - recall) * this.weight(14));
    const ceiling = stability / Math.exp(this.weight(17) * this.weight(18));
    return Math.max(Math.min(lapse, ceiling), LEAST_STABILITY);
  }

  /** Stability after one more answer on the same day. */
  private afterRepeat(stability: number, grade: Rating): number {
    const change = Math.exp(this.weight(17) * (grade - 3 + this.weight(18))) * stability ** -this.weight(19);
    return within(stability * (grade === AGAIN ? change : Math.max(change, 1)), LEAST_STABILITY, MOST_STABILITY);
  }

  private nextDifficulty(difficulty: number, grade: Rating): number {
    const damped = difficulty - (this.weight(6) * (grade - 3) * (10 - difficulty)) / 9;
    const reverted = this.weight(7) * this.firstDifficulty(EASY) + (1 - this.weight(7)) * damped;
    return within(reverted, 1, 10);
  }

  private firstDifficulty(grade: Rating): number {
    return this.weight(4) - Math.exp(this.weight(5) * (grade - 1)) + 1;
  }
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
