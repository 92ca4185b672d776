import '../../style/exam.css';
// The next exam on the home screen: days left, where the learner will stand, and today's minutes.
import { runningOf } from '../../exam/scope';
import { type Shelf, useShelf, useStanding } from '../../state/exams';
import type { ExamPlanRow, ExamRow } from '../../wire';
import { t } from '../../words';
import { dayFrom } from '../../words/time';
import { Icon } from '../icon';
import { Band } from './band';
import { bandWords } from './numbers';
import { FiveMore, TodayButton } from './today';

export function ExamCard() {
  const stored = useShelf();
  return stored.state === 'ready' ? <Card shelf={stored.value} /> : null;
}

function Card({ shelf }: { shelf: Shelf }) {
  const { exams, plans, today } = shelf;
  const [exam] = runningOf(exams, today);
  const asking = exams.find(({ archived, day, result }) => !archived && day < today && result === null);
  if (!exam) return asking ? <Asking id={asking.id} name={asking.name} /> : null;
  const plan = plans.get(exam.id);
  return (
    <>
      <a class="exam-head" href={`/exam/${exam.id}`}>
        <b>{exam.name}</b>
        <span class="muted note">{exam.day === today ? t('examIsToday') : dayFrom(today, exam.day)}</span>
        <Icon name="forward" />
      </a>
      {plan?.state === 'solved' && <Outlook exam={exam} plan={plan} />}
      <TodayButton shelf={shelf} />
      <FiveMore plan={plan} shelf={shelf} />
    </>
  );
}

function Outlook({ exam, plan }: { exam: ExamRow; plan: ExamPlanRow }) {
  const { outlook } = useStanding(exam, plan);
  return (
    <>
      <p class="note">
        {t('examOutlook')} <b>{bandWords(outlook)}</b>
      </p>
      <Band readiness={outlook} />
    </>
  );
}

function Asking({ id, name }: { id: string; name: string }) {
  return (
    <a class="exam-head" href={`/exam/${id}`}>
      <b>{t('examHowWasIt', { name })}</b>
      <Icon name="forward" />
    </a>
  );
}
