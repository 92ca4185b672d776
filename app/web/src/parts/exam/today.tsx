// Today's session as the exam page and the home screen offer it.
import type { Shelf } from '../../state/exams';
import type { ExamPlanRow } from '../../wire';
import { t } from '../../words';
import { minutesWords } from './numbers';

const ALMOST_SECONDS = 20;

export function secondsLeft({ minutes, spentSeconds }: Shelf): number {
  const left = 60 * minutes - spentSeconds;
  return left < ALMOST_SECONDS ? 0 : left;
}

export function TodayButton({ shelf }: { shelf: Shelf }) {
  const left = secondsLeft(shelf);
  if (shelf.minutes === 0) return <p>{t('examDayOff')}</p>;
  if (left === 0) {
    return (
      <p>
        {t('examDoneToday', { time: minutesWords(shelf.spentSeconds) })}{' '}
        <a class="button plain" href="/exam/study">
          {t('examMore')}
        </a>
      </p>
    );
  }
  return (
    <a class="button main big" href="/exam/study">
      {shelf.spentSeconds > 0
        ? t('examGoOn', { time: minutesWords(left) })
        : t('examStart', { time: minutesWords(left) })}
    </a>
  );
}

const WORTH_SAYING = 0.5;

/** What five more minutes today would bring, in cards. */
export function FiveMore({ plan, shelf }: { plan: ExamPlanRow | undefined; shelf: Shelf }) {
  if (plan?.state !== 'solved' || shelf.minutes === 0) return null;
  const cards = plan.five_more * plan.cards;
  return (
    <p class="muted note">
      {cards < WORTH_SAYING ? t('examFiveMoreNothing') : t('examFiveMore', { n: Math.round(cards) })}
    </p>
  );
}
