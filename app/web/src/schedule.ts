/**
 * What an answer does to a card: FSRS-6 on learner days, the same as the server's `core/schedule.py`.
 *
 * ts-fsrs computes memory and intervals, on whole days and without fuzz. Its step rule and its forced order of intervals differ from
 * py-fsrs's, which the server uses: those few lines are here, and fuzz is ours.
 */
import { clamp, FSRSAlgorithm, type Grade } from 'ts-fsrs';
import { type ReplayEvent, surviving } from './events';
import { fuzzed } from './fuzz';
import { clipRetention, DEFAULT_PARAMETERS, inForce, newest } from './parameters';
import type { CardState, Json, Kind, ParametersRow, Phase, Rating } from './wire';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const LEECH_LAPSES = 8;
const NEW = 0;
const LEARNING = 1;
const REVIEW = 2;
const RELEARNING = 3;
const AGAIN = 1;
const HARD = 2;
const EASY = 4;
const LEAST_STABILITY = 0.001;
const MOST_STABILITY = 36_500;
const EASIEST = 1;
const HARDEST = 10;
/** Days; a longer pause (a forged day) counts as this one. */
const LONGEST_PAUSE = 1_000_000;
const RATINGS: readonly Rating[] = [1, 2, 3, 4];

export const NEW_CARD: CardState = {
  phase: 0,
  step: null,
  stability: null,
  difficulty: null,
  due_day: null,
  due_at: null,
  last_day: null,
  last_at: null,
  reps: 0,
  lapses: 0,
  suspended: false,
  buried_until: null,
  flag: 0,
};

/** What one rating would lead to. */
export interface Preview {
  rating: Rating;
  due_day: number;
  /** Set when the card comes back within the day, ms. */
  due_at: number | null;
  /** Whole days until then, 0 within the day. */
  days: number;
  /** Minutes until then within the day (may be a half), else null. */
  minutes: number | null;
}

/** A card that was forgotten so often that another wording would help more than another review. */
export function isLeech(state: Pick<CardState, 'lapses'>): boolean {
  return state.lapses >= LEECH_LAPSES;
}

/** The chance of recalling the card on a learner day; null for a card without a memory. */
export function retrievability(state: CardState, day: number, parameters: ParametersRow): number | null {
  if (state.stability === null || state.last_day === null) return null;
  const elapsed = clamp(day - state.last_day, 0, LONGEST_PAUSE);
  return algorithmFor(parameters, parameters.desired_retention).forgetting_curve(elapsed, state.stability);
}

// --- memory and steps --------------------------------------------------------------------------------------------

const algorithms = new WeakMap<ParametersRow, Map<number, FSRSAlgorithm>>();

function algorithmFor(parameters: ParametersRow, retention: number): FSRSAlgorithm {
  const known = algorithms.get(parameters) ?? new Map<number, FSRSAlgorithm>();
  algorithms.set(parameters, known);
  const algorithm =
    known.get(retention) ??
    new FSRSAlgorithm({
      w: parameters.weights,
      request_retention: retention,
      maximum_interval: parameters.maximum_interval,
      enable_fuzz: false,
      enable_short_term: true,
    });
  known.set(retention, algorithm);
  return algorithm;
}

/** Stability and difficulty after an answer, so many whole days after the one before (null: nobody knows when that was). */
function remembered(state: CardState, rating: Rating, elapsed: number | null, algorithm: FSRSAlgorithm) {
  const { stability, difficulty } = state;
  const memory = stability === null || difficulty === null ? null : { stability, difficulty };
  const grade = rating as Grade;
  // A memory without its day counts as forgotten (retrievability 0), as py-fsrs has it.
  return elapsed === null ? algorithm.next_state(memory, 1, grade, 0) : algorithm.next_state(memory, elapsed, grade);
}

interface Step {
  minutes: number;
  step: number;
}

/** The step that an answer leads to, or null when the card goes to review: py-fsrs's rule. */
function nextStep(state: CardState, rating: Rating, parameters: ParametersRow): Step | null {
  const isRelearning = state.phase === REVIEW || state.phase === RELEARNING;
  const steps = isRelearning ? parameters.relearning_steps : parameters.learning_steps;
  const step = state.step ?? 0;
  const [first, second] = steps;
  if (first === undefined) return null;
  if (rating === AGAIN) return { minutes: first, step: 0 };
  const current = steps[step];
  if (state.phase === REVIEW || current === undefined || rating === EASY) return null;
  if (rating === HARD) {
    const between = second === undefined ? first * 1.5 : (first + second) / 2;
    return { minutes: step === 0 ? between : current, step };
  }
  const next = steps[step + 1];
  return next === undefined ? null : { minutes: next, step: step + 1 };
}

// --- reducers ----------------------------------------------------------------------------------------------------

interface Context {
  cardId: string;
  parameters: ParametersRow;
}

/** What an answer is made of, for replay as for a preview. */
interface Answer {
  rating: Rating;
  day: number;
  at: number;
  retention: number;
}

function answered(state: CardState, answer: Answer, { cardId, parameters }: Context): CardState {
  const { rating, at } = answer;
  const day = Math.max(answer.day, state.last_day ?? answer.day);
  // A card never seen has no pause; a brought memory without its day has an unknown one.
  const elapsed = state.last_day === null ? (state.stability === null ? 0 : null) : day - state.last_day;
  const algorithm = algorithmFor(parameters, answer.retention);
  const memory = remembered(state, rating, elapsed === null ? null : Math.min(elapsed, LONGEST_PAUSE), algorithm);
  const step = nextStep(state, rating, parameters);
  const reps = state.reps + 1;
  return {
    ...state,
    ...(step
      ? inSteps(state, step, day, at)
      : inReview(
          day + fuzzed(cardId, reps, algorithm.next_interval(memory.stability, 0), parameters.maximum_interval),
        )),
    stability: clamp(memory.stability, LEAST_STABILITY, MOST_STABILITY),
    difficulty: memory.difficulty,
    last_day: day,
    last_at: at,
    reps,
    lapses: state.lapses + (state.phase === REVIEW && rating === AGAIN ? 1 : 0),
    buried_until: null,
  };
}

type Place = Pick<CardState, 'phase' | 'step' | 'due_day' | 'due_at'>;

function inReview(dueDay: number): Place {
  return { phase: REVIEW, step: null, due_day: dueDay, due_at: null };
}

/** A step comes back after its minutes or, when it is that long, after whole days. */
function inSteps({ phase }: CardState, { minutes, step }: Step, day: number, at: number): Place {
  const days = Math.floor((minutes * MINUTE_MS) / DAY_MS);
  const within = phase === NEW || phase === LEARNING ? LEARNING : RELEARNING;
  const dueAt = days > 0 ? null : at + minutes * MINUTE_MS;
  return { phase: within, step, due_day: day + days, due_at: dueAt };
}

/** An answer for practice alone, as imports bring them: it moves no schedule. */
function isCrammed({ data }: ReplayEvent): boolean {
  return data.mode === 'cram';
}

type Reducer = (state: CardState, event: ReplayEvent, context: Context) => CardState;

/** What each kind of event does to a card; undo is resolved before replay. */
const REDUCERS: Readonly<Record<Exclude<Kind, 'undo'>, Reducer>> = {
  answer: (state, event, context) => {
    if (isCrammed(event)) return state;
    const { retention } = event.data;
    const wanted = typeof retention === 'number' ? clipRetention(retention) : context.parameters.desired_retention;
    const rating = event.rating ?? 1;
    return answered(state, { rating, day: event.day, at: event.effective_at, retention: wanted }, context);
  },
  suspend: (state) => ({ ...state, suspended: true }),
  unsuspend: (state) => ({ ...state, suspended: false }),
  bury: (state, event) => ({ ...state, buried_until: Number(event.data.until) }),
  flag: (state, event) => ({ ...state, flag: Number(event.data.flag) }),
  reset: (state) => ({ ...NEW_CARD, suspended: state.suspended, flag: state.flag }),
  due: (state, event) => (state.phase === NEW ? state : { ...state, due_day: Number(event.data.day), due_at: null }),
  seed: (state, event) => (state.phase === NEW ? { ...state, ...seeded(event) } : state),
};

function seeded({ data }: ReplayEvent): Partial<CardState> {
  return {
    phase: Number(data.phase) as Phase,
    step: data.phase === REVIEW ? null : 0,
    stability: bounded(data.stability, LEAST_STABILITY, MOST_STABILITY),
    difficulty: bounded(data.difficulty, EASIEST, HARDEST),
    due_day: optional(data.due_day),
    last_day: optional(data.last_day),
    reps: Number(data.reps),
    lapses: Number(data.lapses),
  };
}

function optional(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function bounded(value: Json | undefined, least: number, most: number): number | null {
  return typeof value === 'number' ? clamp(value, least, most) : null;
}

/** One event that comes after all that the state holds. An undo changes nothing here: it needs the log. */
export function apply(cardId: string, state: CardState, event: ReplayEvent, parameters: ParametersRow): CardState {
  return event.kind === 'undo' ? state : REDUCERS[event.kind](state, event, { cardId, parameters });
}

/**
 * The state that a log of one card gives; order and repetition of the events do not matter. Memory is computed with the newest
 * version, the due day with the version in force at the last answer: new parameters move no due day by themselves.
 */
export function replay(
  cardId: string,
  events: Iterable<ReplayEvent>,
  versions: readonly ParametersRow[] = [DEFAULT_PARAMETERS],
): CardState {
  const log = surviving(events);
  const memory = newest(versions);
  const state = folded(cardId, log, versions, memory);
  const lastAnswer = log.findLast((event) => event.kind === 'answer' && !isCrammed(event));
  const then = lastAnswer ? inForce(versions, lastAnswer.effective_at) : memory;
  if (then.weights.every((weight, place) => weight === memory.weights[place])) return state;
  const { due_day, due_at } = folded(cardId, log, versions, then);
  return { ...state, due_day, due_at };
}

/** Folds with the weights of `memory` and everything else by the version in force at each event. */
function folded(
  cardId: string,
  log: readonly ReplayEvent[],
  versions: readonly ParametersRow[],
  memory: ParametersRow,
): CardState {
  const mixed = new Map<number, ParametersRow>([[memory.version, memory]]);
  const rulesAt = (at: number): ParametersRow => {
    const rules = inForce(versions, at);
    const known = mixed.get(rules.version) ?? { ...rules, weights: memory.weights };
    mixed.set(rules.version, known);
    return known;
  };
  return log.reduce((state, event) => apply(cardId, state, event, rulesAt(event.effective_at)), NEW_CARD);
}

/** What each of the four ratings would do to the card at `now` on learner day `day`. */
export function previews(
  cardId: string,
  state: CardState,
  now: number,
  day: number,
  parameters: ParametersRow,
  retention: number = parameters.desired_retention,
): Preview[] {
  return RATINGS.map((rating) => {
    const answer = { rating, day, at: now, retention: clipRetention(retention) };
    const { due_at, due_day } = answered(state, answer, { cardId, parameters });
    const dueDay = due_day ?? day;
    const minutes = due_at === null ? null : (due_at - now) / MINUTE_MS;
    return { rating, due_day: dueDay, due_at, days: Math.max(dueDay - day, 0), minutes };
  });
}
