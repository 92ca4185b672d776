/** Today's session, put together from the plan and what the phone knows. */
import { describe, expect, test } from 'vitest';
import { Memory } from '../src/exam/memory';
import { recordsOf } from '../src/exam/records';
import { faultOf, minutesOf, runningOf, sharedMinutes, weekdayOf } from '../src/exam/scope';
import { movedCards, sectionsNow } from '../src/exam/standing';
import { type Known, planFor, startToday } from '../src/exam/today';
import { DEFAULT_PARAMETERS } from '../src/parameters';
import { NEW_CARD } from '../src/schedule';
import type { CardRow } from '../src/wire';
import { dayPlanRow, examRow, planCard, TABLES } from './exam_rows';

const DECK = 'deck';
const IDS = [1, 2, 3].map((n) => `01890000-0000-7000-8000-00000000000${n}`) as [string, string, string];
const [A, B, C] = IDS;

function known(part: Partial<Known> = {}): Known {
  const plan = dayPlanRow([
    planCard(A, { stability: 4, difficulty: 6, age: 3 }),
    planCard(B),
    planCard(C, { stability: 1.5, age: 2, group: null }),
  ]);
  const cards = IDS.map((id) => ({ id, deckId: DECK }));
  const rest = { rows: new Map(), answers: [], parameters: DEFAULT_PARAMETERS };
  return { today: plan.day, running: [examRow()], plan, cards, ...rest, ...part };
}

function row(id: string, part: Partial<CardRow> = {}): CardRow {
  return { ...NEW_CARD, id, note_id: id, deck_id: DECK, ordinal: 0, position: 0, version: 1, seq: 1, ...part };
}

describe('by the plan', () => {
  test('cards stand as the plan says', () => {
    const { session, cards, exams } = startToday(known(), 900);
    expect(cards).toEqual(IDS);
    expect(exams[0]).toBe(examRow().id);
    expect(session.standing(0)).toMatchObject({ last: -3, answersToday: 0, group: 0 });
    expect(session.standing(0).stability).toBeCloseTo(4, 2);
    expect(session.standing(1).last).toBeNull();
    expect(session.scoreOf(2)).toBe(Number.NEGATIVE_INFINITY);
  });

  test('later days see older cards', () => {
    const { session } = startToday(known({ today: 20_591 }), 900);
    expect(session.standing(0).last).toBe(-4);
  });

  test('own answers since are laid on top, each on its day', () => {
    const answers = [
      { cardId: A, day: 20_590, rating: 3 as const },
      { cardId: B, day: 20_591, rating: 1 as const },
      { cardId: B, day: 20_591, rating: 3 as const },
    ];
    const { session } = startToday(known({ today: 20_591, answers }), 900);
    const memory = new Memory(TABLES.weights);
    const before = recordsOf(known().plan?.cards ?? '')[0] as { stability: number; difficulty: number };
    const passed = memory.answered(before, 3, 3, false);
    const failed = memory.first(1);
    expect(session.standing(0)).toMatchObject({ ...passed, last: -1, answersToday: 0 });
    expect(session.standing(1)).toMatchObject({ ...memory.answered(failed, 0, 3, true), last: 0, answersToday: 2 });
  });

  test('an answer of another phone shows in the card’s row', () => {
    const rows = new Map([[B, row(B, { stability: 7, difficulty: 4, last_day: 20_590 })]]);
    const { session } = startToday(known({ rows }), 900);
    expect(session.standing(1)).toMatchObject({ stability: 7, difficulty: 4, last: 0, answersToday: 1 });
  });

  test('the parts count today’s answers, the part of a moved card as well as its deck', () => {
    const exam = examRow();
    const answers = [{ cardId: B, day: 20_590, rating: 3 as const }];
    const today = startToday(known({ answers }), 900);
    const plan = known().plan as NonNullable<Known['plan']>;
    const moved = movedCards(today, exam, plan, 20_590);
    expect(moved).toMatchObject([{ id: B, deck: DECK, isNew: true }]);
    const gain = moved[0]?.gain ?? 0;
    expect(gain).toBeGreaterThan(0.1);
    const section = (deck_id: string, path: string[]) => ({
      ...{ key: [deck_id, ...path].join('/'), deck_id, path, cards: 2, seen: 1 },
      ...{ share: null, pinned: false, dropped: false, readiness: { mean: 0.25, low: 0.2, high: 0.3 } },
    });
    const before = [section(DECK, []), section(DECK, ['一']), section(DECK, ['二']), section('other', [])];
    const after = sectionsNow(before, moved, new Map([[B, ['一', '甲']]]));
    expect(after.map(({ seen }) => seen)).toEqual([2, 2, 1, 1]);
    expect(after[0]?.readiness.mean).toBeCloseTo(0.25 + gain / 2, 10);
    expect(after.slice(2)).toEqual(before.slice(2));
    expect(movedCards(startToday(known(), 900), exam, plan, 20_590)).toEqual([]);
  });

  test('cards that were dropped or deleted since are not offered, pinned ones come first', () => {
    const exam = examRow({ cards: { [A]: 'dropped', [B]: 'pinned' } });
    const { session } = startToday(known({ running: [exam] }), 900);
    const plain = startToday(known(), 900).session;
    expect(session.scoreOf(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(session.scoreOf(1)).toBeCloseTo(8 * plain.scoreOf(1), 10);
    const gone = startToday(known({ cards: [{ id: A, deckId: DECK }] }), 900);
    expect([gone.cards[1], gone.session.scoreOf(1)]).toEqual(['', Number.NEGATIVE_INFINITY]);
  });

  test('nothing is offered once the exam is over', () => {
    const plan = dayPlanRow([planCard(A, { age: 3 })], { at: [0.6] });
    const { session } = startToday(known({ plan, today: 20_591, running: [examRow({ day: 20_591 })] }), 900);
    expect(session.pick()).toBeNull();
  });

  test('beyond its last day the tables of that day stand', () => {
    expect(planFor(known({ today: 20_597 }))).not.toBeNull();
    expect(startToday(known({ today: 20_597 }), 900).isGreedy).toBe(false);
  });
});

describe('without a plan', () => {
  const rows = new Map([
    [A, row(A, { phase: 2, stability: 2, difficulty: 5, last_day: 20_580 })],
    [B, row(B)],
    [C, row(C, { phase: 2, stability: 900, difficulty: 5, last_day: 20_589 })],
  ]);

  test('an exam that the plan does not know makes the session greedy', () => {
    const running = [examRow(), examRow({ id: '01890000-0000-7000-8000-0000000000e2' })];
    expect(planFor(known({ running }))).toBeNull();
    expect(startToday(known({ running, rows }), 900).isGreedy).toBe(true);
  });

  test('what brings most by the exam in a second comes first', () => {
    const { session } = startToday(known({ plan: null, rows }), 900);
    // A new card would not be known at all, a shaky one perhaps, a firm one surely.
    expect(session.scoreOf(1)).toBeGreaterThan(session.scoreOf(0));
    expect(session.scoreOf(0)).toBeGreaterThan(session.scoreOf(2));
    expect(session.pick()).toBe(1);
  });

  test('dropped cards are not asked, four answers a day are enough', () => {
    const exam = examRow({ cards: { [A]: 'dropped' } });
    const { session } = startToday(known({ plan: null, rows, running: [exam] }), 100_000);
    const asked: number[] = [];
    for (let card = session.pick(); card !== null; card = session.pick()) {
      asked.push(card);
      session.answered(card, 1, 1);
    }
    expect(asked).not.toContain(0);
    expect(Math.max(...[1, 2].map((each) => asked.filter((card) => card === each).length))).toBeLessThanOrEqual(4);
  });
});

describe('the days', () => {
  test('1970-01-01 was a Thursday', () => {
    expect([weekdayOf(0), weekdayOf(4), weekdayOf(-4)]).toEqual([3, 0, 6]);
  });

  test('minutes follow the weekday and the days off', () => {
    const exam = examRow({ days_off: [20_590] });
    expect(minutesOf(exam, 20_590)).toBe(0);
    expect(minutesOf(exam, 20_591)).toBe(exam.minutes[weekdayOf(20_591)]);
  });

  test('exams share a day: the most minutes count, not the sum', () => {
    const minutes = [20, 20, 20, 20, 20, 20, 20];
    const running = [examRow({ minutes, day: 20_590 }), examRow({ minutes: minutes.map(() => 35) })];
    expect([sharedMinutes(running, 20_590), sharedMinutes([], 20_590)]).toEqual([35, 0]);
    const off = [{ first: 20_589, last: 20_590 }];
    expect([sharedMinutes(running, 20_590, off), sharedMinutes(running, 20_591, off) > 0]).toEqual([0, true]);
  });

  test('archived exams and those of yesterday do not run', () => {
    const exams = [examRow({ archived: true }), examRow({ day: 20_589 }), examRow({ id: 'z', day: 20_590 })];
    expect(runningOf(exams, 20_590).map(({ id }) => id)).toEqual(['z']);
  });

  test.each([
    [{ day: 20_589 }, {}, 'exam-past'],
    [{ day: 30_000 }, {}, 'exam-far'],
    [{}, { cards: 0 }, 'exam-no-cards'],
    [{ minutes: [0, 0, 0, 0, 0, 0, 0] }, {}, 'exam-no-minutes'],
    [{}, { running: 20 }, 'exam-too-many'],
    [{ day: 20_591, days_off: [20_590] }, {}, 'exam-no-days'],
    [{}, {}, null],
  ] as const)('%o with %o is refused as %s', (part, counts, fault) => {
    const draft = examRow(part as Partial<ReturnType<typeof examRow>>);
    expect(faultOf(draft, 20_590, { cards: 5, running: 0, ...counts })).toBe(fault);
  });
});
