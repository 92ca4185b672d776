/** What a day of study adds up to, the same as the server's `core/stats.py`. */
import type { CardState, EventIn } from './wire';

const MATURE_DAYS = 21;
/** Who takes longer was called away. */
const LONGEST_ANSWER_MS = 60_000;
const AGAIN = 1;
const NEW = 0;
const REVIEW = 2;

export const COUNTERS = [
  'again',
  'hard',
  'good',
  'easy',
  'new',
  'learning',
  'young',
  'mature',
  'young_passed',
  'mature_passed',
  'duration_ms',
] as const;

/**
 * Answers of a day: by rating; by what the card was before; those remembered (not Again); time in ms. `learning` includes relearning,
 * and practice that moves no schedule; a review card is `mature` when 21 days or more passed since its last answer, else `young`.
 */
export type DayCounts = Readonly<Record<(typeof COUNTERS)[number], number>>;

export const NOTHING = countsFrom(() => 0);

export function countsFrom(value: (name: keyof DayCounts, place: number) => number): DayCounts {
  return Object.fromEntries(COUNTERS.map((name, place) => [name, value(name, place)])) as unknown as DayCounts;
}

export function plus(one: DayCounts, other: DayCounts): DayCounts {
  return countsFrom((name) => one[name] + other[name]);
}

export function minus(one: DayCounts, other: DayCounts): DayCounts {
  return countsFrom((name) => one[name] - other[name]);
}

export function answersIn({ again, hard, good, easy }: DayCounts): number {
  return again + hard + good + easy;
}

/** Answers to cards in review, and how many of them were remembered. */
export function reviewsIn({ young, mature }: DayCounts): number {
  return young + mature;
}

export function recalledIn({ young_passed, mature_passed }: DayCounts): number {
  return young_passed + mature_passed;
}

type Before = Pick<CardState, 'phase' | 'last_day'>;
type Answer = Pick<EventIn, 'rating' | 'day' | 'duration_ms' | 'data'>;

/** What one answer adds to its day, given the card's state before it. */
export function countsOf(before: Before, answer: Answer): DayCounts {
  const group = answer.data.mode === 'cram' ? 'learning' : groupOf(before, answer.day);
  const rating = (['again', 'hard', 'good', 'easy'] as const)[(answer.rating ?? AGAIN) - 1];
  const passed = answer.rating === AGAIN ? null : `${group}_passed`;
  const time = Math.min(Math.max(answer.duration_ms, 0), LONGEST_ANSWER_MS);
  return countsFrom((name) =>
    name === 'duration_ms' ? time : Number(name === rating || name === group || name === passed),
  );
}

function groupOf({ phase, last_day }: Before, day: number): 'new' | 'learning' | 'young' | 'mature' {
  if (phase === NEW) return 'new';
  if (phase !== REVIEW || last_day === null) return 'learning';
  return day - last_day >= MATURE_DAYS ? 'mature' : 'young';
}

/** Whether a card in review comes so rarely that it counts as firm: by the pause that it is in. */
export function isMature({ due_day, last_day }: Pick<CardState, 'due_day' | 'last_day'>): boolean {
  return due_day !== null && last_day !== null && due_day - last_day >= MATURE_DAYS;
}
