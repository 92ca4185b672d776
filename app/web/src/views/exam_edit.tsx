import '../style/exam.css';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { faultOf } from '../exam/scope';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { DeckList } from '../parts/exam/deck_list';
import { faultWords } from '../parts/exam/faults';
import { More } from '../parts/exam/more';
import { dayOfField, fieldOfDay } from '../parts/exam/numbers';
import { NumberRow, TextField } from '../parts/fields';
import { FailedToRead, Loading, Missing } from '../parts/states';
import { say } from '../parts/toast';
import { store } from '../state/device';
import { changeExam, type Shelf, useShelf } from '../state/exams';
import type { ExamRow } from '../wire';
import { t } from '../words';

/** Everything about an exam that can be changed; each change is applied at once. */
export default function ExamEdit({ id }: { id: string }) {
  const stored = useShelf();
  const exam = stored.state === 'ready' ? stored.value.exams.find((each) => each.id === id) : undefined;
  return (
    <>
      <Banners update />
      <Bar title={t('examEdit')} back={`/exam/${id}`} />
      <main class="page stack wide" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {stored.state === 'ready' && !exam && <Missing words={t('examMissing')} />}
        {stored.state === 'ready' && exam && <Fields exam={exam} shelf={stored.value} />}
      </main>
    </>
  );
}

const MOST_LETTERS = 80;
const MOST_MINUTES = 600;

function Fields({ exam, shelf }: { exam: ExamRow; shelf: Shelf }) {
  return (
    <>
      <section>
        <Name exam={exam} />
        <When exam={exam} today={shelf.today} />
        <Minutes exam={exam} />
      </section>
      <Decks exam={exam} shelf={shelf} />
      <More exam={exam} shelf={shelf} />
      <End exam={exam} />
    </>
  );
}

function Name({ exam }: { exam: ExamRow }) {
  const [typed, setTyped] = useState(exam.name);
  const name = typed.trim().slice(0, MOST_LETTERS);
  const take = (text: string) => {
    setTyped(text);
    const next = text.trim().slice(0, MOST_LETTERS);
    if (next && next !== exam.name) void changeExam(exam.id, { name: next });
  };
  return <TextField label={t('examName')} value={typed} onInput={take} wrong={name ? undefined : t('examNameEmpty')} />;
}

function When({ exam, today }: { exam: ExamRow; today: number }) {
  const [fault, setFault] = useState<string | null>(null);
  const take = (value: string) => {
    const day = dayOfField(value);
    if (day === null) return;
    const found = faultOf({ ...exam, day }, today, { cards: 1, running: 0 });
    setFault(found && faultWords(found));
    const isPossible = found === null || found === 'exam-no-days' || found === 'exam-no-minutes';
    if (isPossible && day !== exam.day) void changeExam(exam.id, { day });
  };
  const takeTime = (value: string) => {
    const [hours = 0, minutes = 0] = value.split(':').map(Number);
    void changeExam(exam.id, { time: value ? 60 * hours + minutes : null });
  };
  return (
    <div class="two-fields">
      <div class="field">
        <label for="exam-day">{t('examDate')}</label>
        <input
          id="exam-day"
          type="date"
          value={fieldOfDay(exam.day)}
          aria-invalid={fault !== null}
          aria-describedby={fault ? 'exam-day-wrong' : undefined}
          onChange={(event) => take(event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for="exam-time">{t('examClock')}</label>
        <input
          id="exam-time"
          type="time"
          value={exam.time === null ? '' : timeField(exam.time)}
          onChange={(event) => takeTime(event.currentTarget.value)}
        />
      </div>
      {fault && (
        <p class="wrong small" id="exam-day-wrong" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

function timeField(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The same on every day; by weekday it is under "more". */
function Minutes({ exam }: { exam: ExamRow }) {
  const most = Math.max(...exam.minutes);
  const isSame = exam.minutes.every((each) => each === most);
  return (
    <NumberRow
      label={t('examMinutesADay')}
      hint={isSame ? undefined : t('examMinutesDiffer')}
      value={most}
      least={1}
      most={MOST_MINUTES}
      onChange={(each) => void changeExam(exam.id, { minutes: exam.minutes.map(() => each) })}
    />
  );
}

function Decks({ exam, shelf }: { exam: ExamRow; shelf: Shelf }) {
  const [wrong, setWrong] = useState(false);
  const all = shelf.decks.filter(({ id, cards }) => cards > 0 || exam.decks?.includes(id));
  const chosen = exam.decks ?? all.map(({ id }) => id);
  const take = (decks: string[]) => {
    const cards = all.filter(({ id }) => decks.includes(id)).reduce((sum, deck) => sum + deck.cards, 0);
    setWrong(cards === 0);
    if (cards === 0) return;
    void changeExam(exam.id, { decks: all.every(({ id }) => decks.includes(id)) ? null : decks });
  };
  return (
    <section>
      <h2>{t('examWhich')}</h2>
      {wrong && (
        <p class="wrong small" role="alert">
          {faultWords('exam-no-cards')}
        </p>
      )}
      <DeckList decks={all} chosen={chosen} onChange={take} />
    </section>
  );
}

function End({ exam }: { exam: ExamRow }) {
  const { route } = useLocation();
  const archive = () => {
    void changeExam(exam.id, { archived: !exam.archived });
    say(exam.archived ? t('examUnarchivedSaid') : t('examArchivedSaid'));
    if (!exam.archived) route('/exam', true);
  };
  const remove = async () => {
    const which = { entity: 'exam', entity_id: exam.id } as const;
    await store().edit({ ...which, op: 'delete' });
    say(t('examDeleted', { name: exam.name }), () => void store().edit({ ...which, op: 'restore' }));
    route('/exam', true);
  };
  return (
    <section>
      <div class="actions fill">
        <button type="button" class="button" onClick={archive}>
          {exam.archived ? t('examUnarchive') : t('examArchive')}
        </button>
        <button type="button" class="button bad" onClick={() => void remove()}>
          {t('examDelete')}
        </button>
      </div>
      <p class="muted note">{t('examDeleteHint')}</p>
    </section>
  );
}
