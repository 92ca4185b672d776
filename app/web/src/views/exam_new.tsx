import '../style/exam.css';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { asksFor, faultOf, hasRoom, runningOf } from '../exam/scope';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { DeckList } from '../parts/exam/deck_list';
import { faultWords } from '../parts/exam/faults';
import { dayOfField, fieldOfDay, longDate } from '../parts/exam/numbers';
import { FailedToRead, Loading } from '../parts/states';
import { addExam, type Shelf, useShelf } from '../state/exams';
import type { ExamRow } from '../wire';
import { t } from '../words';
import { days } from '../words/time';

type Step = 'date' | 'decks' | 'minutes';

/** Three taps: when, which decks, how many minutes. All else has a good default and can be changed later. */
export default function ExamNew() {
  const stored = useShelf();
  return (
    <>
      <Banners update />
      <Bar title={t('examSetUp')} back="/exam" />
      <main class="page stack" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {stored.state === 'ready' && <Steps shelf={stored.value} />}
      </main>
    </>
  );
}

interface Chosen {
  day: number;
  /** Null: all of them. */
  decks: string[] | null;
}

function Steps({ shelf }: { shelf: Shelf }) {
  const [step, setStep] = useState<Step>('date');
  const [chosen, setChosen] = useState<Chosen>({ day: shelf.today + 14, decks: null });
  if (shelf.decks.every(({ cards }) => cards === 0)) return <NoDecks />;
  if (step === 'date' && !hasRoom(runningOf(shelf.exams, shelf.today).length)) return <NoRoom />;
  if (step === 'date') {
    return (
      <DateStep
        today={shelf.today}
        onChoose={(day) => {
          setChosen({ ...chosen, day });
          setStep('decks');
        }}
      />
    );
  }
  if (step === 'decks') {
    return (
      <DecksStep
        shelf={shelf}
        chosen={chosen}
        onBack={() => setStep('date')}
        onChoose={(decks) => {
          setChosen({ ...chosen, decks });
          setStep('minutes');
        }}
      />
    );
  }
  return <MinutesStep shelf={shelf} chosen={chosen} onBack={() => setStep('decks')} />;
}

/** Said before the three taps, not after them. */
function NoRoom() {
  return (
    <div class="empty">
      <p>{faultWords('exam-too-many')}</p>
      <a class="button main" href="/exam">
        {t('examToList')}
      </a>
    </div>
  );
}

function NoDecks() {
  return (
    <div class="empty">
      <p>{t('examNeedsCards')}</p>
      <a class="button main" href="/decks/add">
        {t('addDecks')}
      </a>
    </div>
  );
}

const AHEAD = [1, 3, 7, 14, 30, 60];

function DateStep({ today, onChoose }: { today: number; onChoose: (day: number) => void }) {
  const [typed, setTyped] = useState('');
  const day = dayOfField(typed);
  const fault = day === null ? null : faultOf({ day, minutes: [1], days_off: [] }, today, { cards: 1, running: 0 });
  const wrong = fault === 'exam-past' || fault === 'exam-far' ? fault : null;
  return (
    <section>
      <h2>{t('examWhen')}</h2>
      <ul class="choices">
        {AHEAD.map((ahead) => (
          <li key={ahead}>
            <button type="button" class="button" onClick={() => onChoose(today + ahead)}>
              <span>
                {ahead === 1 ? t('examTomorrow') : t('examInDays', { days: days(ahead, 'long') })}
                <span class="second small">{longDate(today + ahead)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div class="field">
        <label for="exam-date">{t('examOtherDate')}</label>
        <input
          id="exam-date"
          type="date"
          min={fieldOfDay(today)}
          value={typed}
          aria-invalid={wrong !== null}
          aria-describedby={wrong ? 'exam-date-wrong' : undefined}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        {wrong && (
          <span class="wrong small" id="exam-date-wrong" role="alert">
            {faultWords(wrong)}
          </span>
        )}
      </div>
      {day !== null && !wrong && (
        <button type="button" class="button main" onClick={() => onChoose(day)}>
          {t('examNext')}
        </button>
      )}
    </section>
  );
}

interface DecksProps {
  shelf: Shelf;
  chosen: Chosen;
  onBack: () => void;
  onChoose: (decks: string[] | null) => void;
}

function DecksStep({ shelf, chosen, onBack, onChoose }: DecksProps) {
  const all = shelf.decks.filter(({ cards }) => cards > 0);
  const [decks, setDecks] = useState<string[]>(chosen.decks ?? all.map(({ id }) => id));
  const cards = all.filter(({ id }) => decks.includes(id)).reduce((sum, deck) => sum + deck.cards, 0);
  const isAll = all.every(({ id }) => decks.includes(id));
  return (
    <section>
      <h2>{t('examWhich')}</h2>
      <p class="muted note">{longDate(chosen.day)}</p>
      <button
        type="button"
        class="button main big"
        disabled={cards === 0}
        onClick={() => onChoose(isAll ? null : decks)}
      >
        <span>
          {isAll ? t('examAllThese') : t('examThese', { n: decks.length })}{' '}
          <span class="second">· {t('examCards', { n: cards })}</span>
        </span>
      </button>
      {cards === 0 && (
        <p class="wrong small" role="alert">
          {faultWords('exam-no-cards')}
        </p>
      )}
      <DeckList decks={all} chosen={decks} onChange={setDecks} />
      <button type="button" class="button plain" onClick={onBack}>
        {t('examBackToDate')}
      </button>
    </section>
  );
}

/** "My exam", or "My exam 2" where there is one already. */
function nextName(exams: readonly ExamRow[]): string {
  const names = new Set(exams.map(({ name }) => name));
  let name: string = t('examUsualName');
  for (let n = 2; names.has(name); n += 1) name = t('examNextName', { n });
  return name;
}

const MINUTES = [5, 10, 15, 20, 30, 45, 60, 90];
const WEEK = 7;

function MinutesStep({ shelf, chosen, onBack }: { shelf: Shelf; chosen: Chosen; onBack: () => void }) {
  const { route } = useLocation();
  const [fault, setFault] = useState<string | null>(null);
  const { decks, day } = chosen;
  const choose = async (each: number) => {
    const minutes = Array.from({ length: WEEK }, () => each);
    const cards = shelf.decks.filter(({ id }) => asksFor({ decks }, id)).reduce((sum, deck) => sum + deck.cards, 0);
    const running = runningOf(shelf.exams, shelf.today).length;
    const found = faultOf({ day, minutes, days_off: [] }, shelf.today, { cards, running });
    if (found) return setFault(faultWords(found));
    const id = await addExam({ name: nextName(shelf.exams), day, minutes, decks });
    route(`/exam/${id}`, true);
  };
  return (
    <section>
      <h2>{t('examHowLong')}</h2>
      <ul class="choices">
        {MINUTES.map((each) => (
          <li key={each}>
            <button type="button" class="button" onClick={() => void choose(each)}>
              {t('examMinutes', { n: each })}
            </button>
          </li>
        ))}
      </ul>
      {fault && (
        <p class="wrong" role="alert">
          {fault}
        </p>
      )}
      <p class="muted note">{t('examLaterHint')}</p>
      <button type="button" class="button plain" onClick={onBack}>
        {t('examBackToDecks')}
      </button>
    </section>
  );
}
