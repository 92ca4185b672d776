// Calendar days, given as day numbers, in the language of the app and in date fields.
import { language } from '.';

const DAY_MS = 86_400_000;

/** "12月3日周四" */
export function longDate(day: number): string {
  return dateIn({ month: 'short', day: 'numeric', weekday: 'short' }, day);
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function dateIn(style: Intl.DateTimeFormatOptions, day: number): string {
  const key = language.value + JSON.stringify(style);
  // Making one is dear, and a calendar asks for hundreds of dates.
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language.value, { ...style, timeZone: 'UTC' });
  formats.set(key, format);
  return format.format(day * DAY_MS);
}

/** The day of a date field, null for none. */
export function dayOfField(value: string): number | null {
  const ms = Date.parse(`${value}T00:00:00Z`);
  return Number.isNaN(ms) ? null : Math.round(ms / DAY_MS);
}

export function fieldOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
