/** Which exams run, which cards they ask for, and how long there is today. Pure. */
import type { Break, ExamRow, SectionMark } from '../wire';

/** Minutes after midnight: when people study, and when an exam begins whose time is not known. */
const EVENING = 1080;
const MORNING = 540;
const DAY_MINUTES = 1440;
/** Days left on the day itself. */
const SOON = 0.1;
const FARTHEST_DAYS = 3660;
const MOST_EXAMS = 20;

/** Neither archived nor over, soonest first. */
export function runningOf<T extends ExamRow>(exams: readonly T[], today: number): T[] {
  return inOrder(exams.filter(({ archived, day }) => !archived && day >= today));
}

export function inOrder<T extends ExamRow>(exams: readonly T[]): T[] {
  return [...exams].sort((a, b) => a.day - b.day || (a.time ?? 0) - (b.time ?? 0) || (a.id < b.id ? -1 : 1));
}

/** Days from a day's hour of study to the exam, as plans count them. */
export function daysTo({ day, time }: Pick<ExamRow, 'day' | 'time'>, today: number): number {
  return day <= today ? SOON : day - today + ((time ?? MORNING) - EVENING) / DAY_MINUTES;
}

/** 0 for Monday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function minutesOf({ minutes, days_off }: Pick<ExamRow, 'minutes' | 'days_off'>, day: number): number {
  return days_off.includes(day) ? 0 : (minutes[weekdayOf(day)] ?? 0);
}

/** Exams share a day: it has the most minutes that one of them gives it, and none in a break. */
export function sharedMinutes(running: readonly ExamRow[], day: number, breaks: readonly Break[] = []): number {
  if (breaks.some(({ first, last }) => first <= day && day <= last)) return 0;
  return Math.max(0, ...running.filter((exam) => exam.day >= day).map((exam) => minutesOf(exam, day)));
}

export function asksFor({ decks }: Pick<ExamRow, 'decks'>, deckId: string): boolean {
  return decks === null || decks.includes(deckId);
}

const PLAIN: SectionMark = { share: null, pinned: false, dropped: false };

export function markOf(exam: ExamRow, key: string): SectionMark {
  return exam.sections[key] ?? PLAIN;
}

export type CardPlace = 'counted' | 'pinned' | 'dropped';

/** How an exam counts a card, by its own mark or that of its deck. */
export function placeOf(exam: ExamRow, cardId: string, deckId: string): CardPlace {
  const mark = exam.cards[cardId];
  const section = markOf(exam, deckId);
  if (mark === 'dropped' || section.dropped) return 'dropped';
  return mark === 'pinned' || section.pinned ? 'pinned' : 'counted';
}

/** What the learner has put in for an exam, before it is one. */
export type ExamDraft = Pick<
  ExamRow,
  'name' | 'day' | 'time' | 'decks' | 'minutes' | 'days_off' | 'target' | 'buffer_days'
>;

export type Fault = 'exam-past' | 'exam-far' | 'exam-no-minutes' | 'exam-no-cards' | 'exam-too-many' | 'exam-no-days';

/** Whether one more may be prepared for. */
export function hasRoom(running: number): boolean {
  return running < MOST_EXAMS;
}

/** What is wrong with an exam as put in; the server refuses the same. */
export function faultOf(
  draft: Pick<ExamDraft, 'day' | 'minutes' | 'days_off'>,
  today: number,
  { cards, running }: { cards: number; running: number },
): Fault | null {
  if (draft.day < today) return 'exam-past';
  if (draft.day > today + FARTHEST_DAYS) return 'exam-far';
  if (cards === 0) return 'exam-no-cards';
  if (draft.minutes.every((minutes) => minutes <= 0)) return 'exam-no-minutes';
  if (!hasRoom(running)) return 'exam-too-many';
  return hasOpenDay(draft, today) ? null : 'exam-no-days';
}

function hasOpenDay(draft: Pick<ExamDraft, 'day' | 'minutes' | 'days_off'>, today: number): boolean {
  const last = Math.min(Math.max(draft.day - 1, today), today + FARTHEST_DAYS);
  for (let day = today; day <= last; day += 1) if (minutesOf(draft, day) > 0) return true;
  return false;
}
