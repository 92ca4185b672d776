// Today, and how regularly: what was done is said, what was missed is not.
import { type Days, totalOf } from '../../spans';
import { answersIn, recalledIn, reviewsIn } from '../../stats';
import type { Streak } from '../../streak';
import { number, percent, t } from '../../words';
import { spent } from '../../words/time';

const LOOK_BACK = 30;
const WORTH_SAYING = 2;

interface Today {
  days: Days;
  /** Days with an answer, remembered longer than what was answered. */
  studied: ReadonlySet<number>;
  streak: Streak | null;
  today: number;
}

export function Today({ days, studied, streak, today }: Today) {
  const { counts } = totalOf(days, today, today);
  const [answers, reviews] = [answersIn(counts), reviewsIn(counts)];
  const recent = [...studied].filter((day) => day > today - LOOK_BACK && day <= today).length;
  const figures: [term: string, value: string, more?: string][] = [
    [t('answersDone'), answers > 0 ? t('timesCount', { n: answers }) : t('statsNoneYet')],
  ];
  if (answers > 0) figures.push([t('timeSpent'), spent(counts.duration_ms)]);
  if (reviews > 0) {
    const right = recalledIn(counts);
    figures.push([t('recall'), percent(right / reviews), `${number(right)}/${number(reviews)}`]);
  }
  figures.push([t('statsLast30'), t('statsDays', { n: recent })]);
  return (
    <section aria-labelledby="today">
      <h2 id="today">{t('statsToday')}</h2>
      <dl class="figures">
        {figures.map(([term, value, more]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              {value} {more && <span class="note muted">{more}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {streak && streak.days >= WORTH_SAYING && (
        <p class="streak">
          {t('streakDays', { n: streak.days })} <span class="muted">{streak.freezes === 0 && t('streakForgiven')}</span>
        </p>
      )}
    </section>
  );
}
