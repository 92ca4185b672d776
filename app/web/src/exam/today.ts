/** Today's session put together from the plan, the learner's exams and what this phone knows of later answers. Pure. */
import type { CardRow, DayPlanRow, ExamRow, ParametersRow, Rating } from '../wire';
import { greedyScores, MOST_ANSWERS_A_DAY, type Reward, USUAL_COSTS } from './greedy';
import { Memory } from './memory';
import { nameOf, type PlanCard, recordsOf } from './records';
import { asksFor, type CardPlace, daysTo, placeOf } from './scope';
import { after, ExamSession, type Rules, type Standing } from './session';
import { scoresOn } from './tables';

const PIN = 8;

/** An answer of this device that counts. */
export interface OwnAnswer {
  cardId: string;
  day: number;
  rating: Rating;
}

export interface PhoneCard {
  id: string;
  deckId: string;
}

/** What the phone's database says about today. */
export interface Known {
  today: number;
  /** Soonest first. */
  running: readonly ExamRow[];
  plan: DayPlanRow | null;
  /** All cards of the exams' decks, in the order of the decks. */
  cards: readonly PhoneCard[];
  /** Rows of the cards answered since the plan; without a plan of all cards. */
  rows: ReadonlyMap<string, CardRow>;
  /** In the order of making. */
  answers: readonly OwnAnswer[];
  parameters: ParametersRow;
}

/** Today's session; `cards` and `exams` say by row which card stands there and for which exam. */
export interface Today {
  session: ExamSession;
  cards: readonly string[];
  exams: readonly string[];
  /** The deck of each row's card. */
  decks: readonly string[];
  /** Every card's standing at the start of the plan's day, as rows of the session; null without a plan. */
  start: readonly Standing[] | null;
  memory: Memory;
  isGreedy: boolean;
}

/** The plan that still says something about today, else null. */
export function planFor({ plan, running, today }: Pick<Known, 'plan' | 'running' | 'today'>): DayPlanRow | null {
  if (!plan || plan.day > today || !scoresOn(plan.tables, today - plan.day)) return null;
  return running.every(({ id }) => plan.exams.includes(id)) ? plan : null;
}

export function startToday(known: Known, seconds: number): Today {
  const plan = planFor(known);
  return plan ? planned(known, plan, seconds) : greedy(known, seconds);
}

// --- by the plan -------------------------------------------------------------------------------------------------

function planned(known: Known, plan: DayPlanRow, seconds: number): Today {
  const { tables } = plan;
  const memory = new Memory(tables.weights);
  const scores = scoresOn(tables, known.today - plan.day) ?? [];
  const rules: Rules = { memory, costs: tables.costs, answersADay: tables.answers_a_day, scores };
  const here = new Map(known.cards.map((card) => [nameOf(card.id), card]));
  const exams = new Map(known.running.map((exam) => [exam.id, exam]));
  const answers = byCard(known.answers.filter(({ day }) => day >= plan.day));
  const records = recordsOf(plan.cards).map((record) => ({ record, card: here.get(record.name) }));
  const start = records.map(({ record, card }) => startOf(record, card, plan, known, exams));
  const standings = start.map((standing, row) => {
    const id = records[row]?.card?.id;
    if (id === undefined) return standing;
    return laidOn(standing, answers.get(id) ?? [], known.rows.get(id), plan.day, known.today, memory);
  });
  return {
    session: new ExamSession(rules, standings, seconds),
    cards: records.map(({ card }) => card?.id ?? ''),
    exams: records.map(({ record }) => plan.exams[record.exam] ?? ''),
    decks: records.map(({ card }) => card?.deckId ?? ''),
    start,
    memory,
    isGreedy: false,
  };
}

/** A record as of today, before the answers since. */
function startOf(
  record: PlanCard,
  card: PhoneCard | undefined,
  plan: DayPlanRow,
  { today, running }: Known,
  exams: ReadonlyMap<string, ExamRow>,
): Standing {
  const ahead = today - plan.day;
  const exam = exams.get(plan.exams[record.exam] ?? '');
  const isOver = ahead >= (plan.at[record.exam] ?? 0);
  const place = card ? bestPlace(running, card) : null;
  const offered = exam && !isOver && place !== null && place !== 'dropped';
  return {
    stability: record.stability,
    difficulty: record.difficulty,
    last: record.age === null ? null : -record.age - ahead,
    answersToday: 0,
    group: offered ? record.group : null,
    boost: boostOf(place === 'pinned', record.pinned),
  };
}

/** A card pinned or let go since the plan was made. */
function boostOf(isPinned: boolean, wasPinned: boolean): number {
  if (isPinned === wasPinned) return 1;
  return isPinned ? PIN : 1 / PIN;
}

/** A card that one exam drops still counts for another. */
function bestPlace(running: readonly ExamRow[], { id, deckId }: PhoneCard): CardPlace | null {
  const places = running.filter((exam) => asksFor(exam, deckId)).map((exam) => placeOf(exam, id, deckId));
  if (places.includes('pinned')) return 'pinned';
  return places.find((place) => place === 'counted') ?? places[0] ?? null;
}

function byCard(answers: readonly OwnAnswer[]): Map<string, OwnAnswer[]> {
  const groups = new Map<string, OwnAnswer[]>();
  for (const answer of answers) groups.set(answer.cardId, [...(groups.get(answer.cardId) ?? []), answer]);
  return groups;
}

/** A card's standing today: the plan's, with this device's later answers on top, or as another device has left it. */
function laidOn(
  start: Standing,
  answers: readonly OwnAnswer[],
  row: CardRow | undefined,
  planDay: number,
  today: number,
  memory: Memory,
): Standing {
  if (answers.length > 0) return answers.reduce((card, answer) => answeredOn(card, answer, today, memory), start);
  if (!row || row.last_day === null || row.last_day < planDay || row.stability === null) return start;
  return {
    ...start,
    stability: row.stability,
    difficulty: row.difficulty ?? start.difficulty,
    last: row.last_day - today,
    answersToday: row.last_day === today ? 1 : 0,
  };
}

function answeredOn(card: Standing, { day, rating }: OwnAnswer, today: number, memory: Memory): Standing {
  const shift = day - today;
  const then = { ...card, last: card.last === null ? null : Math.min(card.last - shift, 0) };
  const { answersToday: _count, last: _then, ...traced } = after(then, rating, memory);
  return { ...traced, last: shift, answersToday: shift === 0 ? card.answersToday + 1 : 0 };
}

// --- without a plan ----------------------------------------------------------------------------------------------

function greedy(known: Known, seconds: number): Today {
  const { today, running, parameters } = known;
  const memory = new Memory(parameters.weights);
  const kinds = new Map<string, number>();
  const rewards: Reward[][] = [];
  const standings = known.cards.map((card): Standing => {
    const asked = rewardsOf(card, running, today);
    const kind = JSON.stringify(asked);
    const group = asked.length === 0 ? null : (kinds.get(kind) ?? rewards.push(asked) - 1);
    if (group !== null) kinds.set(kind, group);
    return standingOf(known.rows.get(card.id), group, today, known.answers);
  });
  const scores = rewards.map((each) => greedyScores(memory, USUAL_COSTS, each));
  const rules: Rules = { memory, costs: USUAL_COSTS, answersADay: MOST_ANSWERS_A_DAY, scores };
  const examOf = ({ deckId }: PhoneCard) => running.find((exam) => asksFor(exam, deckId))?.id ?? '';
  return {
    session: new ExamSession(rules, standings, seconds),
    cards: known.cards.map(({ id }) => id),
    exams: known.cards.map(examOf),
    decks: known.cards.map(({ deckId }) => deckId),
    start: null,
    memory,
    isGreedy: true,
  };
}

function rewardsOf(card: PhoneCard, running: readonly ExamRow[], today: number): Reward[] {
  return running.flatMap((exam) => {
    if (!asksFor(exam, card.deckId)) return [];
    const place = placeOf(exam, card.id, card.deckId);
    const reward = { at: daysTo(exam, today), weight: 1, pinned: place === 'pinned', target: exam.target };
    return place === 'dropped' ? [] : [reward];
  });
}

function standingOf(
  row: CardRow | undefined,
  group: number | null,
  today: number,
  answers: readonly OwnAnswer[],
): Standing {
  const { stability = null, difficulty = null, last_day = null, id = '' } = row ?? {};
  const isSeen = stability !== null && difficulty !== null && last_day !== null;
  const own = answers.filter((answer) => answer.day === today && answer.cardId === id).length;
  return {
    stability: stability ?? 1,
    difficulty: difficulty ?? 5,
    last: isSeen ? Math.min(last_day - today, 0) : null,
    answersToday: isSeen && last_day === today ? Math.max(own, 1) : 0,
    group: row ? group : null,
  };
}
