// After the exam: how it went, asked once, and what the forecast had said.
import { useState } from 'preact/hooks';
import { changeExam } from '../../state/exams';
import type { ExamPlanRow, ExamResult, ExamRow } from '../../wire';
import { t } from '../../words';
import { TextField } from '../fields';
import { bandWords } from './numbers';

export function After({ exam, plan }: { exam: ExamRow; plan: ExamPlanRow | undefined }) {
  return (
    <>
      {exam.result === null ? <Ask exam={exam} /> : <Said result={exam.result} />}
      <p class="muted">{t('examBackToNormal')}</p>
      {plan && plan.history.length > 0 && <LastWord plan={plan} />}
    </>
  );
}

const MOST_LETTERS = 40;

function Ask({ exam }: { exam: ExamRow }) {
  const [score, setScore] = useState('');
  const tell = (passed: boolean | null) => {
    const text = score.trim().slice(0, MOST_LETTERS);
    void changeExam(exam.id, { result: { passed, score: text || null } });
  };
  return (
    <section>
      <h2>{t('examHowWasIt', { name: exam.name })}</h2>
      <TextField label={t('examScore')} value={score} onInput={setScore} />
      <div class="actions fill">
        <button type="button" class="button" onClick={() => tell(true)}>
          {t('examPassed')}
        </button>
        <button type="button" class="button" onClick={() => tell(false)}>
          {t('examFailed')}
        </button>
        <button type="button" class="button plain" onClick={() => tell(null)}>
          {t('examNotSaid')}
        </button>
      </div>
    </section>
  );
}

function Said({ result: { passed, score } }: { result: ExamResult }) {
  const word = passed === null ? t('examOver') : passed ? t('examYouPassed') : t('examYouFailed');
  return (
    <p>
      <b>{word}</b>
      {score !== null && ` · ${t('examScoreWas', { score })}`}
    </p>
  );
}

function LastWord({ plan: { history, readiness } }: { plan: ExamPlanRow }) {
  const [first] = history;
  if (!first) return null;
  return <p>{t('examLastWord', { first: bandWords(first.outlook), last: bandWords(readiness) })}</p>;
}
