import '../style/exam.css';
import { useMemo } from 'preact/hooks';
import { Banners } from '../parts/banners';
import { BackButton, Bar } from '../parts/bar';
import { UndoButton } from '../parts/dock';
import { LastLook } from '../parts/exam/last_look';
import { bandWords, minutesWords, shareWords } from '../parts/exam/numbers';
import { Icon } from '../parts/icon';
import { store, useStored } from '../state/device';
import { type ExamSitting, type Reason, startExamSession } from '../state/exam_sitting';
import { type End, endOf } from '../state/exams';
import { useKeys } from '../state/keys';
import { t } from '../words';
import { Studying } from './study';

/** Today's session before the exam: the study screen, ordered by the plan, ended by the minutes. */
export default function ExamStudy() {
  const session = useMemo(() => startExamSession(store()), []);
  return <Studying session={session} bar={ExamBar} done={Done} why={whyNow} />;
}

/** Recall below which a card is said to be nearly forgotten. */
const SHAKY = 0.7;

function shortReason({ why, recall }: Reason): string {
  if (why === 'new') return t('examWhyNew');
  if (why === 'repeat') return t('examWhyRepeat');
  return recall !== null && recall < SHAKY ? t('examWhyShaky') : t('examWhyReview');
}

/** Why this card, and why now, in a sentence. */
function whyNow(session: ExamSitting): string | null {
  const shown = session.shown.value;
  const reason = shown && session.reasonFor(shown.view.card.id);
  if (!reason) return null;
  if (reason.why === 'new') return t('examWhyNewLong');
  if (reason.why === 'repeat') return t('examWhyRepeatLong');
  return t('examWhyReviewLong', { share: shareWords(reason.recall ?? 0) });
}

interface BarProps {
  session: ExamSitting;
  onMore: (event: MouseEvent) => void;
}

function ExamBar({ session, onMore }: BarProps) {
  const { spent, budget, shown } = session;
  const id = shown.value?.view.card.id;
  const reason = id ? session.reasonFor(id) : null;
  const left = Math.max(0, budget.value - spent.value);
  const share = budget.value > 0 ? Math.min(1, spent.value / budget.value) : 1;
  return (
    <header class="bar">
      <BackButton to="/exam" />
      <h1 class="progress" tabIndex={-1}>
        {t('examLeft', { time: minutesWords(left) })}
        <span>{reason && shortReason(reason)}</span>
      </h1>
      <button type="button" class="icon-button" aria-label={t('more')} title={t('more')} onClick={onMore}>
        <Icon name="more" />
      </button>
      <svg class="exam-progress" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
        <path d={`M0 1H${Math.round(100 * share)}`} />
      </svg>
    </header>
  );
}

const MORE_MINUTES = 10;
/** Less than this share of the time used means that nothing more was worth it. */
const USED = 0.9;

function Done({ session }: { session: ExamSitting }) {
  const stored = useStored(endOf, ['cards']);
  const act = session.lastAct.value;
  const undo = () => void session.undo();
  useKeys({ z: undo, u: undo });
  const end = stored.state === 'ready' ? stored.value : null;
  const isOut = session.spent.value >= USED * session.budget.value && session.budget.value > 0;
  return (
    <>
      <Banners update />
      <Bar title={isOut ? t('examDayDone') : t('examNothingPays')} back="/exam" />
      <main class="page stack" id="main">
        {!isOut && <p>{session.budget.value > 0 ? t('examNothingPaysMore') : t('examDayOff')}</p>}
        {end && end.answers > 0 && <Figures end={end} spent={session.spent.value} />}
        <div class="actions fill">
          <button type="button" class="button main" onClick={() => void session.addMinutes(MORE_MINUTES)}>
            {t('examTenMore')}
          </button>
          <a class="button" href="/exam">
            {t('examToExam')}
          </a>
        </div>
        {act && (
          <div class="actions">
            <UndoButton act={act} onUndo={undo} />
          </div>
        )}
        {end?.exam && end.exam.day - store().today() <= 1 && <LastLook exam={end.exam} />}
      </main>
    </>
  );
}

function Figures({ end, spent }: { end: End; spent: number }) {
  const figures: [string, string][] = [
    [t('examAnswers'), t('examAnswerCount', { n: end.answers })],
    [t('examTimeSpent'), minutesWords(spent)],
  ];
  if (end.now) figures.push([t('examIfStopped'), bandWords(end.now)]);
  return (
    <dl class="figures">
      {figures.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
