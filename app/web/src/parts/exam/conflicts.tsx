// A part of an exam that two phones changed: both versions, and a way to take the other.
import { plain } from '../../plain';
import { useStored } from '../../state/device';
import { changeExam } from '../../state/exams';
import type { DeckRow, ExamRow, Json } from '../../wire';
import { number, t } from '../../words';
import { tongueOf } from '../text';
import { deckName, longDate, timeWords, weekdayWord } from './numbers';
import { chosen, markOf, sidesOf } from './sides';

export function Conflicts({ exam, decks }: { exam: ExamRow; decks: readonly DeckRow[] }) {
  const sides = sidesOf(exam);
  if (sides.length === 0) return null;
  return (
    <section class="banner" aria-label={t('examConflict')}>
      <div>
        <b>{t('examConflict')}</b>
        {sides.map((each) => (
          <div key={each.field}>
            <Marked field={each.field} decks={decks} />
            <p>
              {t('examConflictSides', { kept: words(each.field, each.kept), other: words(each.field, each.other) })}
            </p>
            <div class="actions">
              <button
                type="button"
                class="button"
                onClick={() => void changeExam(exam.id, chosen(each.field, each.kept))}
              >
                {t('examConflictKeep')}
              </button>
              <button
                type="button"
                class="button"
                onClick={() => void changeExam(exam.id, chosen(each.field, each.other))}
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

/** Which card or which part the two versions are about. */
function Marked({ field, decks }: { field: string; decks: readonly DeckRow[] }) {
  const mark = markOf(field);
  if (!mark) return null;
  if (mark.of === 'cards') return <MarkedCard id={mark.key} />;
  const [deckId, ...path] = mark.key.split('/');
  const deck = decks.find(({ id }) => id === deckId);
  return <b>{path.at(-1) ?? (deck ? deckName(deck.name) : t('examDeckGone'))}</b>;
}

function MarkedCard({ id }: { id: string }) {
  const stored = useStored((from) => from.view(id), ['content'], [id]);
  if (stored.state !== 'ready') return null;
  const view = stored.value;
  if (!view) return <b>{t('examCardGone')}</b>;
  return <b lang={tongueOf(view.front)}>{plain(view.front, view.note.format)}</b>;
}

function words(field: string, value: Json): string {
  return markOf(field) ? markWords(value) : said(field, value);
}

function markWords(value: Json): string {
  const isMark = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (value === 'pinned' || (isMark && value['pinned'] === true)) return t('examPinned');
  if (value === 'dropped' || (isMark && value['dropped'] === true)) return t('examDropped');
  return t('examAsUsual');
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
