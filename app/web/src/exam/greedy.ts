/** Scores until a plan has come: what a second brings to the recall at the exam, as if no other day came. */
import type { Rating } from '../wire';
import type { Memory, Trace } from './memory';
import type { Costs, DayScores } from './tables';

/** Planned for a forgetting curve at least this steep: a hedge that costs next to nothing. */
const HEDGE_DECAY = 0.3;
/** A pinned card counts as so many. */
const PIN = 8;
const GOOD: Rating = 3;
const AGAIN: Rating = 1;
/** Shares of the four ratings on first sight. */
const FIRST_SHARES: readonly (readonly [Rating, number])[] = [
  [1, 0.25],
  [2, 0.1],
  [3, 0.5],
  [4, 0.15],
];

export const USUAL_COSTS: Costs = { new: 20, passed: 8, failed: 18 };
export const MOST_ANSWERS_A_DAY = 4;

export interface Reward {
  /** Days until the exam. */
  at: number;
  /** What recalling a card there counts; 1 is a plain card. */
  weight: number;
  pinned: boolean;
  /** Recall beyond this counts nothing. */
  target: number | null;
}

/** Scores of the cards that count alike at these exams. */
export function greedyScores(memory: Memory, costs: Costs, rewards: readonly Reward[]): DayScores {
  const steep = memory.hedged(HEDGE_DECAY);
  const worth = (stability: number, age: number) =>
    rewards.reduce((sum, { at, weight, pinned, target }) => {
      const recall = steep.recall(age + at, stability);
      return sum + weight * (pinned ? PIN : 1) * Math.min(recall, target ?? 1);
    }, 0);
  const later = (trace: Trace, age: number, grade: Rating, sameDay: boolean) =>
    worth(steep.answered(trace, age, grade, sameDay).stability, 0);
  const first = FIRST_SHARES.reduce((sum, [grade, share]) => sum + share * worth(steep.first(grade).stability, 0), 0);
  return {
    fresh: first / costs.new,
    repeat(stability, difficulty) {
      const gain = later({ stability, difficulty }, 0, GOOD, true) - worth(stability, 0);
      return Math.max(gain, 0) / costs.passed;
    },
    review(stability, difficulty, age) {
      const trace = { stability, difficulty };
      const recall = steep.recall(age, stability);
      const then = recall * later(trace, age, GOOD, false) + (1 - recall) * later(trace, age, AGAIN, false);
      const seconds = recall * costs.passed + (1 - recall) * costs.failed;
      return Math.max(then - worth(stability, age), 0) / seconds;
    },
  };
}
