// Shares, cards and dates as the exam screens say them.
import type { Readiness } from '../../wire';
import { language, number, percent, t } from '../../words';
import { dateIn } from '../../words/dates';

export { dayOfField, fieldOfDay, longDate } from '../../words/dates';

/** "约 78%（74–82）", never broken at its dash; without a band where both its ends are the same whole number. */
export function bandWords({ mean, low, high }: Readiness): string {
  const whole = (share: number) => number(Math.round(share * 100));
  if (whole(low) === whole(high)) return t('examAbout', { share: percent(round(mean)) });
  return t('examBand', { share: percent(round(mean)), low: whole(low), high: whole(high) });
}

/** "78% (74–82)", for columns of figures. */
export function bandFigures({ mean, low, high }: Readiness): string {
  const whole = (share: number) => number(Math.round(share * 100));
  if (whole(low) === whole(high)) return shareWords(mean);
  return t('examFigures', { share: percent(round(mean)), low: whole(low), high: whole(high) });
}

function round(share: number): number {
  return Math.round(share * 100) / 100;
}

export function shareWords(share: number): string {
  return percent(round(share));
}

/** "12月3日" */
export function shortDate(day: number): string {
  return dateIn({ month: 'short', day: 'numeric' }, day);
}

/** "09:00" */
export function timeWords(minutes: number): string {
  const style = { hour: '2-digit', minute: '2-digit', timeZone: 'UTC', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(language.value, style).format(minutes * 60_000);
}

export function weekdayWord(weekday: number): string {
  // 1970-01-05 was a Monday.
  return dateIn({ weekday: 'short' }, 4 + weekday);
}

export function minutesWords(seconds: number): string {
  return t('examMinutes', { n: Math.max(seconds > 0 ? 1 : 0, Math.round(seconds / 60)) });
}

export function deckName(name: string): string {
  return name.replaceAll('::', ' › ');
}
