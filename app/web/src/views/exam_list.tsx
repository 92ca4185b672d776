import { runningOf } from '../exam/scope';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { ExamPage } from '../parts/exam/exam_page';
import { bandWords, shortDate } from '../parts/exam/numbers';
import { Refused } from '../parts/exam/refused';
import { Icon } from '../parts/icon';
import { FailedToRead, Loading } from '../parts/states';
import { type Shelf, useShelf } from '../state/exams';
import type { ExamRow } from '../wire';
import { t } from '../words';
import { dayFrom } from '../words/time';

/** The exam, or the list of them where there are several. */
export default function ExamList() {
  const stored = useShelf();
  const shelf = stored.state === 'ready' ? stored.value : null;
  const [only, ...others] = shelf?.exams.filter(({ archived }) => !archived) ?? [];
  if (shelf && only && others.length === 0) return <ExamPage exam={only} shelf={shelf} />;
  return (
    <>
      <Banners update />
      <Bar title={t('placeExam')} />
      <main class="page stack" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {shelf && <Refused items={shelf.refused} />}
        {shelf && (shelf.exams.length === 0 ? <None /> : <List shelf={shelf} />)}
      </main>
    </>
  );
}

function None() {
  return (
    <div class="empty">
      <p>{t('examNoneYet')}</p>
      <a class="button main" href="/exam/new">
        {t('examSetUp')}
      </a>
    </div>
  );
}

function List({ shelf }: { shelf: Shelf }) {
  const running = runningOf(shelf.exams, shelf.today);
  const over = shelf.exams.filter((exam) => !running.includes(exam));
  return (
    <>
      {running.length > 0 && <Rows exams={running} shelf={shelf} />}
      {running.length > 1 && <p class="muted note">{t('examShareMinutes')}</p>}
      {over.length > 0 && (
        <section>
          <h2>{t('examOverOnes')}</h2>
          <Rows exams={over} shelf={shelf} />
        </section>
      )}
      <a class="button" href="/exam/new">
        <Icon name="add" />
        {t('examAnother')}
      </a>
    </>
  );
}

function Rows({ exams, shelf }: { exams: readonly ExamRow[]; shelf: Shelf }) {
  return (
    <ul class="rows">
      {exams.map((exam) => (
        <li key={exam.id}>
          <a class="row" href={`/exam/${exam.id}`}>
            <span class="grow">
              <b>{exam.name}</b>
              <span class="muted note">{lineOf(exam, shelf)}</span>
            </span>
            <Icon name="forward" />
          </a>
        </li>
      ))}
    </ul>
  );
}

function lineOf(exam: ExamRow, { today, plans }: Shelf): string {
  if (exam.archived) return t('examArchived');
  if (exam.day < today) return t('examWasOn', { date: shortDate(exam.day) });
  const plan = plans.get(exam.id);
  const when = exam.day === today ? t('examIsToday') : dayFrom(today, exam.day);
  return plan?.state === 'solved' ? `${when} · ${bandWords(plan.outlook)}` : when;
}
