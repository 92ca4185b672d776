import { describe, expect, test } from 'vitest';
import {
  barsOf,
  busyDay,
  type Days,
  firstDayOf,
  levelOf,
  loadOf,
  monthOf,
  sharesOf,
  totalOf,
  weekOf,
  weeksOf,
} from '../src/spans';
import { answersIn, countsFrom, countsOf, type DayCounts, NOTHING } from '../src/stats';
import type { Data, Phase, Rating } from '../src/wire';
import { golden } from './golden';

interface Vector {
  before: { phase: Phase; last_day: number | null };
  event: { rating: Rating; day: number; duration_ms: number; data: Data };
  counts: DayCounts;
}

const { answers } = golden<{ answers: Vector[] }>('stats');

test.each(answers)('an answer adds to its day: $event to $before', ({ before, event, counts }) => {
  expect(countsOf(before, event)).toEqual(counts);
});

function done(again: number, good: number, minutes = 1): DayCounts {
  const counts = { ...NOTHING, again, good, young: again + good, young_passed: good, duration_ms: minutes * 60_000 };
  return countsFrom((name) => counts[name]);
}

/** 2026-11-29, a Sunday. */
const TODAY = Date.UTC(2026, 10, 29) / 86_400_000;
const DAYS: Days = new Map([
  [TODAY, done(1, 9)],
  [TODAY - 6, done(0, 10)],
  [TODAY - 7, done(2, 8)],
  [TODAY - 29, done(0, 5)],
  [TODAY - 30, done(0, 7)],
  [TODAY + 1, done(0, 99)],
]);

describe('spans of days', () => {
  test('weeks begin on Monday, months on their first', () => {
    expect(weekOf(TODAY)).toBe(TODAY - 6);
    expect(weekOf(TODAY + 1)).toBe(TODAY + 1);
    expect([0, 3, 4].map(weekOf)).toEqual([-3, -3, 4]);
    expect(monthOf(TODAY)).toBe(TODAY - 28);
    expect(new Date(monthOf(TODAY, -11) * 86_400_000).toISOString()).toContain('2025-12-01');
  });

  test('thirty days are thirty bars, twelve weeks twelve, a year twelve months; each ends today', () => {
    for (const [span, bars] of [
      ['30d', 30],
      ['12w', 12],
      ['year', 12],
    ] as const) {
      const buckets = barsOf(DAYS, span, TODAY);
      expect(buckets).toHaveLength(bars);
      expect(buckets[0]?.first).toBe(firstDayOf(span, TODAY));
      expect(buckets.at(-1)?.last).toBe(TODAY);
      buckets.slice(1).forEach((bucket, place) => {
        expect(bucket.first).toBe((buckets[place]?.last ?? 0) + 1);
      });
    }
  });

  test('add up what lies in them, and the days with an answer', () => {
    const [counts, studied] = [barsOf(DAYS, '12w', TODAY), barsOf(DAYS, '30d', TODAY)];
    expect(counts.slice(-2).map((bucket) => [answersIn(bucket.counts), bucket.studied])).toEqual([
      [10, 1],
      [20, 2],
    ]);
    expect(studied.reduce((sum, bucket) => sum + bucket.studied, 0)).toBe(4);
    expect(totalOf(DAYS, TODAY - 29, TODAY)).toMatchObject({ studied: 4, counts: { again: 3, good: 32 } });
  });

  test('shares are of weeks or months, the first cut to the span', () => {
    const weeks = sharesOf(DAYS, '30d', TODAY);
    expect(weeks.map(({ first, last }) => last - first + 1)).toEqual([2, 7, 7, 7, 7]);
    expect(sharesOf(DAYS, 'year', TODAY)).toHaveLength(12);
  });
});

describe('the calendar', () => {
  test('has twelve weeks a page, one page after the other', () => {
    const [now, before] = [weeksOf(TODAY, 0), weeksOf(TODAY, 1)];
    expect(now.at(-1)).toBe(weekOf(TODAY));
    expect(now).toHaveLength(12);
    expect((before.at(-1) ?? 0) + 7).toBe(now[0]);
  });

  test('compares a day with a busy one; one enormous day makes no other small', () => {
    const days = new Map(Array.from({ length: 10 }, (_, ahead) => [ahead, done(0, ahead === 9 ? 1000 : 20)]));
    expect(busyDay(days, 0, 9)).toBe(20);
    expect([0, 1, 10, 20, 1000].map((answers) => levelOf(answers, 20))).toEqual([0, 1, 2, 4, 4]);
    expect(busyDay(new Map(), 0, 9)).toBe(0);
    expect(levelOf(3, 0)).toBe(4);
  });
});

test('the load to come: what waits, a day of the next week, the day with most', () => {
  expect(loadOf([12, 7, 7, 7, 7, 7, 7, 7, 40, 0])).toEqual({ today: 12, weekly: 7, most: { ahead: 8, cards: 40 } });
  expect(loadOf([3, 0, 0])).toEqual({ today: 3, weekly: 0, most: null });
});
