// A part of an exam that two phones changed: both versions, and a way to take the other.
import { plain } from '../../plain';
import { useStored } from '../../state/device';
import { changeExam } from '../../state/exams';
import type { Store } from '../../store';
import type { DeckRow, ExamRow, Json } from '../../wire';
import { number, type PlainKey, t } from '../../words';
import { tongueOf } from '../text';
import { deckName, longDate, shareWords, timeWords, weekdayWord } from './numbers';
import { chosen, markOf, type SHOWN, type Sides, sidesOf } from './sides';

export function Conflicts({ exam, decks }: { exam: ExamRow; decks: readonly DeckRow[] }) {
  const named = useNamed(exam, decks);
  if (named.length === 0) return null;
  return (
    <section class="banner" aria-label={t('examConflict')}>
      <div>
        <b>{t('examConflict')}</b>
        {named.map(({ name, ...each }) => (
          <section key={each.field} aria-label={name}>
            <b lang={tongueOf(name)}>{name}</b>
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
          </section>
        ))}
      </div>
    </section>
  );
}

interface Named extends Sides {
  name: string;
}

/** The sides with what they are about; marks of cards and decks that were deleted meanwhile decide nothing and are left out. */
function useNamed(exam: ExamRow, decks: readonly DeckRow[]): Named[] {
  const sides = sidesOf(exam);
  const marked = sides.flatMap(({ field }) => cardOf(field) ?? []);
  const stored = useStored((from) => frontsOf(from, marked), ['content'], [marked.join()]);
  const fronts = stored.state === 'ready' ? stored.value : new Map<string, string>();
  return sides.flatMap((each) => {
    const name = nameOf(each.field, fronts, decks);
    return name === undefined ? [] : { ...each, name };
  });
}

const names = {
  name: 'examName',
  day: 'examDate',
  time: 'examTimeOfDay',
  minutes: 'examMinutesADay',
  days_off: 'examDaysOff',
  target: 'examTarget',
  buffer_days: 'examBuffer',
  decks: 'examDecks',
} as const satisfies Record<(typeof SHOWN)[number], PlainKey>;

function nameOf(field: string, fronts: ReadonlyMap<string, string>, decks: readonly DeckRow[]): string | undefined {
  const mark = markOf(field);
  if (!mark) return t(names[field as keyof typeof names]);
  if (mark.of === 'cards') return fronts.get(mark.key);
  const [deckId, ...path] = mark.key.split('/');
  const deck = decks.find(({ id }) => id === deckId);
  return deck && (path.at(-1) ?? deckName(deck.name));
}

function cardOf(field: string): string | null {
  const mark = markOf(field);
  return mark?.of === 'cards' ? mark.key : null;
}

async function frontsOf(from: Store, ids: readonly string[]): Promise<Map<string, string>> {
  const views = await Promise.all(ids.map((id) => from.view(id)));
  return new Map(views.flatMap((view) => (view ? [[view.card.id, plain(view.front, view.note.format)]] : [])));
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
  if (typeof value === 'number') return numberWords(field, value);
  if (field === 'decks') return Array.isArray(value) ? t('examDeckCount', { n: value.length }) : t('examAllDecks');
  if (!Array.isArray(value)) return value === null ? t('examNone') : String(value);
  if (field === 'minutes') return minutesOf(value.map(Number));
  return value.map((day) => longDate(Number(day))).join(' · ') || t('examNone');
}

function numberWords(field: string, value: number): string {
  if (field === 'day') return longDate(value);
  if (field === 'time') return timeWords(value);
  return field === 'target' ? shareWords(value) : number(value);
}

/** One number when every day is alike, else day by day. */
export function minutesOf(minutes: readonly number[]): string {
  const [first = 0] = minutes;
  if (minutes.every((each) => each === first)) return t('examMinutes', { n: first });
  return minutes.map((each, weekday) => `${weekdayWord(weekday)} ${number(each)}`).join(' · ');
}
