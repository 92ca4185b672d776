/**
 * What an answer does to a card: FSRS-6 on learner days, the same as the server's `core/schedule.py`.
 *
 * ts-fsrs computes memory and intervals; two strategies replace its step rule and its forced order of intervals by those of
 * py-fsrs, which the server uses. It gets `day * 86400 s` as a pseudo-UTC time and no fuzz; ours comes after.
 */
import {
  AbstractScheduler,
  type Card,
  clamp,
  date_scheduler,
  FSRS,
  type Grade,
  type RecordLogItem,
  State,
  type StepUnit,
  StrategyMode,
  type TLearningStepsStrategy,
} from 'ts-fsrs';
import { type ReplayEvent, surviving } from './events';
import { fuzzed } from './fuzz';
import { clipRetention, DEFAULT_PARAMETERS, inForce, newest } from './parameters';
import type { CardState, Json, Kind, ParametersRow, Phase, Rating } from './wire';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const LEECH_LAPSES = 8;
const REVIEW = 2;
const LEAST_STABILITY = 0.001;
const MOST_STABILITY = 36_500;
const EASIEST = 1;
const HARDEST = 10;
/** Days; a longer pause (a forged day) counts as this one. */
const LONGEST_PAUSE = 1_000_000;
const EPOCH = new Date(0);
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
export function isLeech(state: CardState): boolean {
  return state.lapses >= LEECH_LAPSES;
}

/** The chance of recalling the card on a learner day; null for a card without a memory. */
export function retrievability(state: CardState, day: number, parameters: ParametersRow): number | null {
  if (state.stability === null || state.last_day === null) return null;
  const elapsed = clamp(day - state.last_day, 0, LONGEST_PAUSE);
  return schedulerFor(parameters, parameters.desired_retention).forgetting_curve(elapsed, state.stability);
}

// --- ts-fsrs with py-fsrs's rules --------------------------------------------------------------------------------

/** py-fsrs's step rule: the step that each rating leads to; a rating without one graduates. */
const pyFsrsSteps: TLearningStepsStrategy = (params, state, step) => {
  const relearning = state === State.Review || state === State.Relearning;
  const steps = (relearning ? params.relearning_steps : params.learning_steps).map((unit) => Number.parseInt(unit, 10));
  const [first, second] = steps;
  if (first === undefined) return {};
  const again = { scheduled_minutes: first, next_step: 0 };
  const current = steps[step];
  if (state === State.Review || current === undefined) return { 1: again };
  const between = second === undefined ? first * 1.5 : (first + second) / 2;
  const hard = { scheduled_minutes: step === 0 ? between : current, next_step: step };
  const next = steps[step + 1];
  return next === undefined
    ? { 1: again, 2: hard }
    : { 1: again, 2: hard, 3: { scheduled_minutes: next, next_step: step + 1 } };
};

/** Each rating by itself: no rating moves another one's interval. */
class IndependentRatings extends AbstractScheduler {
  protected override newState(grade: Grade): RecordLogItem {
    return this.scheduled(grade);
  }

  protected override learningState(grade: Grade): RecordLogItem {
    return this.scheduled(grade);
  }

  protected override reviewState(grade: Grade): RecordLogItem {
    return this.scheduled(grade);
  }

  private scheduled(grade: Grade): RecordLogItem {
    const { difficulty, stability, state, learning_steps, last_review } = this.last;
    // A memory brought from elsewhere without its day counts as forgotten (retrievability 0), as py-fsrs has it.
    const [elapsed, recall] = last_review ? [this.elapsed_days] : [1, 0];
    const memory = this.algorithm.next_state({ difficulty, stability }, elapsed, grade, recall);
    const step = pyFsrsSteps(this.algorithm.parameters, state, learning_steps)[grade];
    const card: Card = { ...this.current, ...memory };
    if (step) {
      card.state = state === State.New || state === State.Learning ? State.Learning : State.Relearning;
      card.learning_steps = step.next_step;
      card.scheduled_days = 0;
      card.due = date_scheduler(this.review_time, step.scheduled_minutes);
    } else {
      card.state = State.Review;
      card.learning_steps = 0;
      card.scheduled_days = this.algorithm.next_interval(memory.stability, this.elapsed_days);
      card.due = date_scheduler(this.review_time, card.scheduled_days, true);
    }
    return { card, log: this.buildLog(grade) };
  }
}

const schedulers = new WeakMap<ParametersRow, Map<number, FSRS>>();

function schedulerFor(parameters: ParametersRow, retention: number): FSRS {
  const known = schedulers.get(parameters) ?? new Map<number, FSRS>();
  schedulers.set(parameters, known);
  let scheduler = known.get(retention);
  if (!scheduler) {
    scheduler = new FSRS({
      w: parameters.weights,
      request_retention: retention,
      maximum_interval: parameters.maximum_interval,
      learning_steps: parameters.learning_steps.map((minutes): StepUnit => `${minutes}m`),
      relearning_steps: parameters.relearning_steps.map((minutes): StepUnit => `${minutes}m`),
      enable_fuzz: false,
      enable_short_term: true,
    });
    scheduler.useStrategy(StrategyMode.SCHEDULER, IndependentRatings);
    known.set(retention, scheduler);
  }
  return scheduler;
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
  const day = Math.max(answer.day, state.last_day ?? answer.day);
  const elapsed = Math.min(day - (state.last_day ?? day), LONGEST_PAUSE);
  const now = new Date(elapsed * DAY_MS);
  const { card } = schedulerFor(parameters, answer.retention).next(toFsrs(state), now, answer.rating as Grade);
  const phase = card.state as Phase;
  const reps = state.reps + 1;
  return {
    ...state,
    phase,
    step: phase === REVIEW ? null : card.learning_steps,
    stability: clamp(card.stability, LEAST_STABILITY, MOST_STABILITY),
    difficulty: card.difficulty,
    ...due(card, day, answer.at, (days) => fuzzed(cardId, reps, days, parameters.maximum_interval)),
    last_day: day,
    last_at: answer.at,
    reps,
    lapses: state.lapses + (state.phase === REVIEW && answer.rating === 1 ? 1 : 0),
    buried_until: null,
  };
}

/** A review comes back after fuzzed days, a step after its minutes or, when it is that long, after whole days. */
function due(
  card: Card,
  day: number,
  at: number,
  fuzz: (days: number) => number,
): Pick<CardState, 'due_day' | 'due_at'> {
  if (card.state === State.Review) return { due_day: day + fuzz(card.scheduled_days), due_at: null };
  const wait = card.due.getTime() - (card.last_review?.getTime() ?? 0);
  const days = Math.floor(wait / DAY_MS);
  return days > 0 ? { due_day: day + days, due_at: null } : { due_day: day, due_at: at + wait };
}

// fsrs sees days only: the last answer stands at its epoch, this one as many whole days later.
function toFsrs(state: CardState): Card {
  const known = state.stability !== null && state.difficulty !== null;
  return {
    due: EPOCH,
    stability: known ? (state.stability ?? 0) : 0,
    difficulty: known ? (state.difficulty ?? 0) : 0,
    elapsed_days: 0,
    scheduled_days: 0,
    learning_steps: state.step ?? 0,
    reps: 0,
    lapses: 0,
    state: state.phase as State,
    ...(state.last_day === null ? {} : { last_review: EPOCH }),
  };
}

type Reducer = (state: CardState, event: ReplayEvent, context: Context) => CardState;

/** What each kind of event does to a card; undo is resolved before replay. */
export const REDUCERS: Readonly<Record<Exclude<Kind, 'undo'>, Reducer>> = {
  answer: (state, event, context) => {
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
  due: (state, event) => (state.phase === 0 ? state : { ...state, due_day: Number(event.data.day), due_at: null }),
  seed: (state, event) => (state.phase === 0 ? { ...state, ...seeded(event) } : state),
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
  const lastAnswer = log.findLast((event) => event.kind === 'answer');
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
