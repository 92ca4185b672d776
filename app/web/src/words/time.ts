// Durations, days and moments in words. A card's interval is never an abbreviation like "10m": screen readers say metres.
import { language } from './index';

const DAY_MS = 86_400_000;
type Unit = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year';
type Width = 'short' | 'long';

const formats: Record<string, Intl.NumberFormat> = {};

function inUnit(value: number, unit: Unit, width: Width): string {
  const key = language.value + unit + width;
  const style = { style: 'unit', unit, unitDisplay: width, maximumFractionDigits: 1 } as const;
  formats[key] ??= new Intl.NumberFormat(language.value, style);
  return formats[key].format(value);
}

/** An interval between two reviews: minutes, hours, days, and from two months on months or years. */
export function interval(minutes: number, width: Width = 'short'): string {
  if (minutes < 1) return inUnit(Math.max(1, Math.round(minutes * 60)), 'second', width);
  if (minutes < 60) return inUnit(Math.round(minutes), 'minute', width);
  if (minutes < 1440) return inUnit(rounded(minutes / 60), 'hour', width);
  return days(Math.round(minutes / 1440), width);
}

export function days(count: number, width: Width = 'short'): string {
  if (count < 60) return inUnit(count, 'day', width);
  if (count < 365) return inUnit(rounded(count / 30.44), 'month', width);
  return inUnit(rounded(count / 365.25), 'year', width);
}

function rounded(value: number): number {
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
}

/** Time spent, to the minute once it is longer than one. */
export function spent(ms: number, width: Width = 'long'): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return inUnit(seconds, 'second', width);
  return inUnit(Math.round(seconds / 60), 'minute', width);
}

/** A learner day seen from today: "today", "tomorrow", "in 3 days", "2 days ago". */
export function dayFrom(today: number, day: number): string {
  const away = day - today;
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' });
  if (Math.abs(away) < 60) return format.format(away, 'day');
  if (Math.abs(away) < 365) return format.format(Math.round(away / 30.44), 'month');
  return format.format(Math.round(away / 365.25), 'year');
}

/** The calendar date of a learner day (days are numbered from 1970-01-01). */
export function dateOfDay(day: number): string {
  const format = new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeZone: 'UTC' });
  return format.format(day * DAY_MS);
}

/** The date of a moment on the device's own clock. */
export function day(at: number): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium' }).format(at);
}

/** A moment on the device's own clock. */
export function moment(at: number): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

export function clock(at: number): string {
  return new Intl.DateTimeFormat(language.value, { timeStyle: 'short' }).format(at);
}
