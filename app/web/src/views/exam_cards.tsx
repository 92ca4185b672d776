import '../style/exam.css';
import { useState } from 'preact/hooks';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { FailedToRead, Loading, Missing } from '../parts/states';
import { tongueOf } from '../parts/text';
import { say } from '../parts/toast';
import { plain } from '../plain';
import { useStored } from '../state/device';
import { changeExam, readShelf } from '../state/exams';
import type { CardView, Store } from '../store';
import type { CardMark, ExamRow } from '../wire';
import { t } from '../words';

interface Lists {
  exam: ExamRow;
  leftOut: string[];
  /** All that will be left out; more than are listed. */
  count: number;
}

async function listsOf(from: Store, id: string): Promise<Lists | null> {
  const { exams, plans } = await readShelf(from);
  const exam = exams.find((each) => each.id === id);
  if (!exam) return null;
  const { cards = [], count = 0 } = plans.get(id)?.left_out ?? {};
  return { exam, leftOut: cards.filter((card) => !exam.cards[card]), count };
}

/** Cards that will probably be left out, and those that the learner has marked. */
export default function ExamCards({ id }: { id: string }) {
  const stored = useStored((from) => listsOf(from, id), ['content'], [id]);
  return (
    <>
      <Banners update />
      <Bar title={t('examCardsTitle')} back={`/exam/${id}`} />
      <main class="page stack wide" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {stored.state === 'ready' && !stored.value && <Missing words={t('examMissing')} />}
        {stored.state === 'ready' && stored.value && <All lists={stored.value} />}
      </main>
    </>
  );
}

function All({ lists: { exam, leftOut, count } }: { lists: Lists }) {
  const marked = (mark: CardMark) => Object.keys(exam.cards).filter((card) => exam.cards[card] === mark);
  const [pinned, dropped] = [marked('pinned'), marked('dropped')];
  if (leftOut.length + pinned.length + dropped.length === 0) return <p>{t('examNoneLeftOut')}</p>;
  return (
    <>
      {leftOut.length > 0 && (
        <List title={t('examLeftOutTitle', { n: count })} hint={t('examLeftOutHint')} cards={leftOut} exam={exam} />
      )}
      {pinned.length > 0 && <List title={t('examPinnedTitle')} cards={pinned} exam={exam} />}
      {dropped.length > 0 && <List title={t('examDroppedTitle')} cards={dropped} exam={exam} />}
    </>
  );
}

const PAGE = 30;

interface ListProps {
  title: string;
  hint?: string;
  cards: readonly string[];
  exam: ExamRow;
}

function List({ title, hint, cards, exam }: ListProps) {
  const [shown, setShown] = useState(PAGE);
  const ids = cards.slice(0, shown);
  const stored = useStored((from) => viewsOf(from, ids), ['content'], [ids.join()]);
  const views = stored.state === 'ready' ? stored.value : [];
  return (
    <section>
      <h2>{title}</h2>
      {hint && <p class="muted note">{hint}</p>}
      <ul class="rows">
        {views.map((view) => (
          <Row key={view.card.id} view={view} exam={exam} />
        ))}
      </ul>
      {cards.length > shown && (
        <button type="button" class="button" onClick={() => setShown(shown + PAGE)}>
          {t('examShowMore')}
        </button>
      )}
    </section>
  );
}

async function viewsOf(from: Store, ids: readonly string[]): Promise<CardView[]> {
  const views = await Promise.all(ids.map((id) => from.view(id)));
  return views.filter((view) => view !== null);
}

function Row({ view, exam }: { view: CardView; exam: ExamRow }) {
  const { card, front, note } = view;
  const mark = exam.cards[card.id] ?? null;
  const put = (wanted: CardMark | null, words: string) => () => {
    void changeExam(exam.id, { cards: { [card.id]: wanted } });
    say(words, () => void changeExam(exam.id, { cards: { [card.id]: mark } }));
  };
  return (
    <li class="row">
      <a class="link grow" href={`/cards/${card.id}`}>
        <span class="clip" lang={tongueOf(front)}>
          {plain(front, note.format)}
        </span>
      </a>
      <div class="marks">
        {mark !== 'pinned' && (
          <button type="button" class="button" onClick={put('pinned', t('examPinnedSaid'))}>
            {t('examPin')}
          </button>
        )}
        {mark !== 'dropped' && (
          <button type="button" class="button" onClick={put('dropped', t('examDroppedSaid'))}>
            {t('examDrop')}
          </button>
        )}
        {mark !== null && (
          <button type="button" class="button" onClick={put(null, t('examUnmarkedSaid'))}>
            {t('examUnmark')}
          </button>
        )}
      </div>
    </li>
  );
}
