// A part of an exam that two phones changed: both versions, and a way to take the other.
import { changeExam } from '../../state/exams';
import type { ExamRow, Json } from '../../wire';
import { number, t } from '../../words';
import { longDate, timeWords, weekdayWord } from './numbers';
import { sidesOf } from './sides';

export function Conflicts({ exam }: { exam: ExamRow }) {
  const sides = sidesOf(exam);
  if (sides.length === 0) return null;
  return (
    <section class="banner" aria-label={t('examConflict')}>
      <div>
        <b>{t('examConflict')}</b>
        {sides.map((each) => (
          <div key={each.field}>
            <p>{t('examConflictSides', { kept: said(each.field, each.kept), other: said(each.field, each.other) })}</p>
            <div class="actions">
              <button
                type="button"
                class="button"
                onClick={() => void changeExam(exam.id, { [each.field]: each.kept })}
              >
                {t('examConflictKeep')}
              </button>
              <button
                type="button"
                class="button"
                onClick={() => void changeExam(exam.id, { [each.field]: each.other })}
              >
                {t('examConflictOther')}
              </button>
            </div>
          </div>
        ))}
      </div>
    </section>
  );
}

function said(field: string, value: Json): string {
  if (field === 'day' && typeof value === 'number') return longDate(value);
  if (field === 'time' && typeof value === 'number') return timeWords(value);
  if (field === 'minutes' && Array.isArray(value)) return minutesOf(value.map(Number));
  if (field === 'days_off' && Array.isArray(value))
    return value.map((day) => longDate(Number(day))).join('、') || t('examNone');
  if (field === 'decks' && Array.isArray(value)) return t('examDeckCount', { n: value.length });
  if (field === 'decks') return t('examAllDecks');
  return value === null ? t('examNone') : typeof value === 'number' ? number(value) : String(value);
}

/** One number when every day is alike, else day by day. */
export function minutesOf(minutes: readonly number[]): string {
  const [first = 0] = minutes;
  if (minutes.every((each) => each === first)) return t('examMinutes', { n: first });
  return minutes.map((each, weekday) => `${weekdayWord(weekday)} ${number(each)}`).join(' · ');
}
