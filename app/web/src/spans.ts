/** Days of study added up by weeks and months, and what a chart and its table show of them. */
import { answersIn, type DayCounts, NOTHING, plus } from './stats';

export const SPANS = ['30d', '12w', 'year'] as const;
export type Span = (typeof SPANS)[number];
type Unit = 'day' | 'week' | 'month';

/** Counts by learner day. */
export type Days = ReadonlyMap<number, DayCounts>;

/** Some days in a row, both ends included, added up. */
export interface Bucket {
  first: number;
  last: number;
  counts: DayCounts;
  /** Days with an answer. */
  studied: number;
}

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<Span, Unit>> = { '30d': 'day', '12w': 'week', year: 'month' };
/** A share needs more answers than a day has. */
const SHARE_UNITS: Readonly<Record<Span, Unit>> = { '30d': 'week', '12w': 'week', year: 'month' };
const SPAN_DAYS = 30;
const SPAN_WEEKS = 12;
const SPAN_MONTHS = 12;

/** The Monday on or before a day: day 0 was a Thursday. */
export function weekOf(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7);
}

/** The first day of the month `away` months from that of `day`. */
export function monthOf(day: number, away = 0): number {
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + away, 1) / DAY_MS;
}

export function firstDayOf(span: Span, today: number): number {
  if (span === '30d') return today - SPAN_DAYS + 1;
  if (span === '12w') return weekOf(today) - 7 * (SPAN_WEEKS - 1);
  return monthOf(today, 1 - SPAN_MONTHS);
}

/** The bars of a span, oldest first; the last one ends today. */
export function barsOf(days: Days, span: Span, today: number): Bucket[] {
  return bucketsOf(days, firstDayOf(span, today), today, UNITS[span]);
}

/** The same in pieces that hold enough answers for a share. */
export function sharesOf(days: Days, span: Span, today: number): Bucket[] {
  return bucketsOf(days, firstDayOf(span, today), today, SHARE_UNITS[span]);
}

export function bucketsOf(days: Days, from: number, to: number, unit: Unit): Bucket[] {
  const buckets: Bucket[] = [];
  for (let first = from; first <= to; ) {
    const next = Math.min(after(first, unit), to + 1);
    buckets.push({ first, last: next - 1, ...totalOf(days, first, next - 1) });
    first = next;
  }
  return buckets;
}

function after(day: number, unit: Unit): number {
  if (unit === 'day') return day + 1;
  return unit === 'week' ? weekOf(day) + 7 : monthOf(day, 1);
}

export function totalOf(days: Days, from: number, to: number): { counts: DayCounts; studied: number } {
  let counts = NOTHING;
  let studied = 0;
  for (let day = from; day <= to; day++) {
    const each = days.get(day);
    if (!each) continue;
    counts = plus(counts, each);
    if (answersIn(each) > 0) studied++;
  }
  return { counts, studied };
}

/** Remembered of those asked; null where nothing was asked. */
export function shareOf(right: number, all: number): number | null {
  return all > 0 ? right / all : null;
}

// --- the calendar ------------------------------------------------------------------------------------------------

export const CALENDAR_WEEKS = 12;

/** The Mondays of a page of the calendar, oldest first; page 0 ends with the week of today. */
export function weeksOf(today: number, page: number): number[] {
  const last = weekOf(today) - 7 * CALENDAR_WEEKS * page;
  return Array.from({ length: CALENDAR_WEEKS }, (_, place) => last - 7 * (CALENDAR_WEEKS - 1 - place));
}

const LEVELS = 4;

/** How much a day was, from 0 to 4: compared with a busy day, not with the busiest, which would make all others look small. */
export function levelOf(answers: number, busy: number): number {
  if (answers <= 0) return 0;
  return Math.min(LEVELS, Math.ceil((answers / Math.max(1, busy)) * LEVELS));
}

/** Of ten days with an answer nine have no more than this. */
export function busyDay(days: Days, from: number, to: number): number {
  const counts: number[] = [];
  for (let day = from; day <= to; day++) {
    const answers = answersIn(days.get(day) ?? NOTHING);
    if (answers > 0) counts.push(answers);
  }
  counts.sort((a, b) => a - b);
  return counts[Math.ceil(counts.length * 0.9) - 1] ?? 0;
}

// --- what is to come ---------------------------------------------------------------------------------------------

export interface Load {
  /** Due now, what is overdue included. */
  today: number;
  /** A day on average over the seven days after today. */
  weekly: number;
  /** The day after today with most cards: how many days ahead, and how many; null when none is due. */
  most: { ahead: number; cards: number } | null;
}

/** `due`: cards by days from today, those of earlier days with today. */
export function loadOf(due: readonly number[]): Load {
  const week = due.slice(1, 8);
  const cards = Math.max(0, ...due.slice(1));
  const ahead = due.indexOf(cards, 1);
  return {
    today: due[0] ?? 0,
    weekly: week.reduce((sum, each) => sum + each, 0) / 7,
    most: cards > 0 ? { ahead, cards } : null,
  };
}
