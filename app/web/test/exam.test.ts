import { describe, expect, test } from 'vitest';
import { greedyScores, USUAL_COSTS } from '../src/exam/greedy';
import { Memory, type Trace } from '../src/exam/memory';
import { type Counted, meanRecall, movedBand } from '../src/exam/readiness';
import { type PlanCard, recordsOf } from '../src/exam/records';
import { after, type ExamSession, type Standing, type Why } from '../src/exam/session';
import { type DayScores, type SentTables, scoresOn } from '../src/exam/tables';
import { type Known, startToday } from '../src/exam/today';
import { DEFAULT_PARAMETERS } from '../src/parameters';
import type { ExamRow, Rating } from '../src/wire';
import { dayPlanRow, examRow } from './exam_rows';
import { golden } from './golden';

interface Vectors {
  records: { packed: string; cards: VectorCard[] };
  tables: SentTables;
  scores: {
    group: number;
    day: number;
    index: number;
    kind: Why;
    stability: number;
    difficulty: number;
    age: number;
    score: number;
  }[];
  memory: {
    weights: number[];
    grade: Rating;
    elapsed?: number;
    before?: Trace;
    stability: number;
    difficulty: number;
  }[];
  sessions: {
    day: number;
    seconds: number;
    before: { index: number; day: number; grade: Rating }[];
    answers: {
      pick: number | null;
      why: Why;
      recall: number | null;
      expected: number;
      grade: Rating;
      seconds: number;
    }[];
  }[];
  greedy: {
    weights: number[];
    days_to_exam: number;
    kind: Why;
    stability: number;
    difficulty: number;
    age: number;
    score: number;
  }[];
}

interface VectorCard {
  key: string;
  stability: number | null;
  difficulty: number | null;
  age: number;
  /** -1: gets no time. */
  group: number;
  exam: number;
  pinned: boolean;
  left_out: boolean;
}

const vectors = golden<Vectors>('exam');
const DAY = 20_590;

function close(actual: number | null, wanted: number | null, tolerance = 1e-6): void {
  if (actual === null || wanted === null) expect(actual).toBe(wanted);
  else expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(tolerance * Math.abs(wanted));
}

function scoreOf(
  scores: DayScores | undefined,
  { kind, stability, difficulty, age }: Vectors['greedy'][number],
): number {
  if (!scores) throw new Error('no scores');
  if (kind === 'new') return scores.fresh;
  return kind === 'repeat' ? scores.repeat(stability, difficulty) : scores.review(stability, difficulty, age);
}

function idOf({ key }: VectorCard): string {
  return `01890000-0000-7000-${key.slice(0, 4)}-${key.slice(4)}`;
}

/** The day of a vector as the phone would meet it: the plan, and its own answers since. */
function knownOf(day: number, before: Vectors['sessions'][number]['before']): Known {
  const { records, tables } = vectors;
  const places = [...new Set(records.cards.map(({ exam }) => exam))].sort((a, b) => a - b);
  const marks = Object.fromEntries(records.cards.filter(({ pinned }) => pinned).map((card) => [idOf(card), 'pinned']));
  const running = places.map((place) => examRow({ id: `exam${place}`, cards: marks as ExamRow['cards'] }));
  const plan = dayPlanRow([], {
    day: DAY,
    exams: running.map(({ id }) => id),
    at: running.map(() => 99),
    cards: records.packed,
    tables,
  });
  return {
    today: DAY + day,
    running,
    plan,
    cards: records.cards.map((card) => ({ id: idOf(card), deckId: 'deck' })),
    rows: new Map(),
    answers: before.map((answer) => ({
      cardId: idOf(records.cards[answer.index] as VectorCard),
      day: DAY + answer.day,
      rating: answer.grade,
    })),
    parameters: DEFAULT_PARAMETERS,
  };
}

function sessionOf(seconds = 900): ExamSession {
  return startToday(knownOf(0, []), seconds).session;
}

describe('the same as the server', () => {
  test('the records of a plan', () => {
    const records = recordsOf(vectors.records.packed);
    expect(records).toHaveLength(vectors.records.cards.length);
    vectors.records.cards.forEach(({ key, stability, difficulty, age, group, left_out, ...exact }, place) => {
      const record = records[place] as PlanCard;
      expect(record).toMatchObject({ name: key, leftOut: left_out, group: group < 0 ? null : group, ...exact });
      expect(record.age).toBe(stability === null ? null : age);
      if (stability === null || difficulty === null) return;
      close(record.stability, stability);
      close(record.difficulty, difficulty);
    });
  });

  test('scores read from the tables', () => {
    expect(vectors.scores.length).toBeGreaterThan(100);
    for (const vector of vectors.scores) {
      if (vector.group < 0) continue;
      const scores = scoresOn(vectors.tables, vector.day)?.[vector.group];
      const order = vector.kind === 'new' ? 1e-10 * vector.index : 0;
      close(scoreOf(scores, { ...vector, weights: [], days_to_exam: 0 }) - order, vector.score);
    }
  });

  test('what an answer does to a card', () => {
    for (const { weights, grade, before, elapsed = 0, stability, difficulty } of vectors.memory) {
      const memory = new Memory(weights);
      const next = before ? memory.answered(before, elapsed, grade, elapsed === 0) : memory.first(grade);
      close(next.stability, stability);
      close(next.difficulty, difficulty);
    }
  });

  test.each(vectors.sessions)(
    'a session on day $day of $seconds s: every pick',
    ({ day, seconds, before, answers }) => {
      const { session } = startToday(knownOf(day, before), seconds);
      for (const step of answers) {
        const row = session.pick();
        expect(row).toBe(step.pick);
        if (row === null) break;
        expect(session.why(row)).toBe(step.why);
        close(step.why === 'review' ? session.recall(row) : step.recall, step.recall);
        close(session.expectedSeconds(row), step.expected);
        session.answered(row, step.grade, step.seconds);
      }
    },
  );

  test('scores without a plan', () => {
    for (const vector of vectors.greedy) {
      const reward = { at: vector.days_to_exam, weight: 1, pinned: false, target: null };
      const scores = greedyScores(new Memory(vector.weights), USUAL_COSTS, [reward]);
      close(scoreOf(scores, vector), vector.score);
    }
  });
});

describe('a session', () => {
  test('asks a card at most four times a day', () => {
    const session = sessionOf(100_000);
    const asked = new Map<number, number>();
    for (let row = session.pick(); row !== null; row = session.pick()) {
      asked.set(row, (asked.get(row) ?? 0) + 1);
      session.answered(row, 3, 5);
    }
    expect(Math.max(...asked.values())).toBe(4);
  });

  test('lets a card rest while another pays, and takes it when it is the only one', () => {
    const session = sessionOf();
    const first = session.pick() ?? -1;
    expect(session.pick((row) => row === first)).not.toBe(first);
    expect(session.pick(() => true)).toBe(first);
  });

  test('ends with the time there is, and goes on when there is more', () => {
    const session = sessionOf(60);
    let answered = 0;
    for (let row = session.pick(); row !== null; row = session.pick()) {
      session.answered(row, 3, 10);
      answered += 1;
    }
    expect(answered).toBeGreaterThan(2);
    expect(session.spent).toBeLessThanOrEqual(70);
    session.extend(600);
    expect(session.pick()).not.toBeNull();
  });

  test('stands as before when an answer is taken back', () => {
    const session = sessionOf();
    const row = session.pick() ?? -1;
    const before = { ...session.standing(row) };
    const score = session.scoreOf(row);
    session.answered(row, 1, 12);
    session.takeBack(row, before, 12);
    expect(session.standing(row)).toEqual(before);
    expect([session.scoreOf(row), session.spent]).toEqual([score, 0]);
  });

  test('scores anew only the card that was answered', () => {
    const session = sessionOf();
    const before = vectors.records.cards.map((_, row) => session.scoreOf(row));
    const row = session.pick() ?? -1;
    session.answered(row, 3, 8);
    const changed = before.flatMap((score, each) => (session.scoreOf(each) === score ? [] : [each]));
    expect(changed).toEqual([row]);
  });

  test('shows no more of a card that was put away', () => {
    const session = sessionOf();
    const row = session.pick() ?? -1;
    session.remove(row);
    expect(session.scoreOf(row)).toBe(Number.NEGATIVE_INFINITY);
    expect(session.pick()).not.toBe(row);
  });

  test('prefers what the learner has pinned since the plan', () => {
    const known = knownOf(0, []);
    const order = startToday(known, 900).session.next(9);
    const isPinned = (row: number) => vectors.records.cards[row]?.pinned;
    const second = order.find((row, place) => place > 0 && !isPinned(row)) ?? -1;
    const pinned = { [startToday(known, 900).cards[second] ?? '']: 'pinned' as const };
    const running = known.running.map((exam) => ({ ...exam, cards: { ...exam.cards, ...pinned } }));
    expect(startToday({ ...known, running }, 900).session.pick()).toBe(second);
  });

  test('never leads a card to a time before its last answer', () => {
    const memory = new Memory(DEFAULT_PARAMETERS.weights);
    const card: Standing = { stability: 2, difficulty: 5, last: -3, answersToday: 0, group: 0 };
    expect(after(card, 3, memory)).toMatchObject({ last: 0, answersToday: 1 });
  });
});

test('tables of another version say nothing', () => {
  expect(scoresOn({ ...vectors.tables, version: 99 }, 0)).toBeNull();
  expect(scoresOn(vectors.tables, -1)).toBeNull();
});

describe('readiness', () => {
  test('is the weighted mean of recall, and an unseen card counts 0', () => {
    const memory = new Memory(DEFAULT_PARAMETERS.weights);
    const seen: Counted = { stability: 10, difficulty: 5, age: 4, weight: 3 };
    const cards: Counted[] = [seen, { ...seen, age: null, weight: 1 }];
    expect(meanRecall(cards, 6, memory)).toBeCloseTo(0.75 * memory.recall(10, 10), 12);
    expect(memory.recall(10, 10)).toBeCloseTo(0.9, 12);
    expect(meanRecall([], 6, memory)).toBe(0);
  });

  test('the band moves as a whole and stays within nothing and all', () => {
    const { mean, low, high } = movedBand({ mean: 0.9, low: 0.8, high: 0.97 }, 0.05);
    expect([mean, low, high].map((share) => Math.round(share * 100))).toEqual([95, 85, 100]);
  });
});
