// When the minutes are too few: how many cards will be left out, and what more minutes would change.
import { useEffect, useState } from 'preact/hooks';
import { ask, ServerTrouble } from '../../state/server';
import type { ExamPlanRow, ExamRow, Readiness } from '../../wire';
import { t } from '../../words';
import { RangeRow } from '../fields';
import { bandWords } from './numbers';

export function LeftOut({ exam, plan }: { exam: ExamRow; plan: ExamPlanRow }) {
  const { count } = plan.left_out;
  const marked = Object.keys(exam.cards).length;
  if (count === 0 && marked === 0) return null;
  return (
    <section>
      {count > 0 && (
        <>
          <h2>{t('examTooLittle')}</h2>
          <p>{t('examLeftOut', { n: count })}</p>
        </>
      )}
      <a class="button" href={`/exam/${exam.id}/cards`}>
        {count > 0 ? t('examSeeLeftOut') : t('examSeeMarked')}
      </a>
    </section>
  );
}

interface Answer {
  outlook: Readiness;
  left_out: number;
}

const STEP = 5;
const MOST = 120;
const SETTLED_MS = 400;

/** "And with 25 minutes a day?" Asked of the server, so only with a network. */
export function WhatIf({ exam, minutes }: { exam: ExamRow; minutes: number }) {
  const [wanted, setWanted] = useState<number | null>(null);
  /** Undefined while it is being worked out; words when it cannot be. */
  const [answer, setAnswer] = useState<Answer | string | undefined>();
  useEffect(() => {
    if (wanted === null) return;
    let current = true;
    setAnswer(undefined);
    const timer = setTimeout(() => {
      ask<Answer>('GET', `/api/exams/${exam.id}/what-if?minutes=${wanted}`).then(
        (told) => current && setAnswer(told),
        (error: unknown) => {
          if (!(error instanceof ServerTrouble)) throw error;
          if (current) setAnswer(error.problem?.title ?? t('examWhatIfOffline'));
        },
      );
    }, SETTLED_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wanted, exam.id, exam.version]);
  return (
    <details>
      <summary class="fold">{t('examWhatIf')}</summary>
      <RangeRow
        label={t('examWhatIfMinutes')}
        value={wanted ?? Math.max(STEP, minutes)}
        least={STEP}
        most={MOST}
        step={STEP}
        words={(n) => t('examMinutes', { n })}
        onChange={setWanted}
      />
      <p role="status" class="note">
        {wanted !== null && answer === undefined && t('examWhatIfBusy')}
        {typeof answer === 'string' && answer}
        {wanted !== null && typeof answer === 'object' && (
          <>
            {t('examWhatIfSays', { n: wanted, band: bandWords(answer.outlook) })}{' '}
            {answer.left_out > 0 ? t('examWhatIfLeft', { n: answer.left_out }) : t('examWhatIfAll')}
          </>
        )}
      </p>
    </details>
  );
}
