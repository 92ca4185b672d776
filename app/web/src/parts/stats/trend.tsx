// How much, how long, how well: one span of days for all of it.
import type { ComponentChildren } from 'preact';
import { type Bucket, barsOf, type Days, firstDayOf, SPANS, type Span, shareOf, sharesOf, totalOf } from '../../spans';
import { answersIn, type DayCounts, recalledIn, reviewsIn } from '../../stats';
import { number, type PlainKey, percent, t } from '../../words';
import { dateIn } from '../../words/dates';
import { spent } from '../../words/time';
import { ratingWords } from '../dock';
import { Bars, Part, Table } from './figures';
import { Lines } from './lines';

const spanWords: Readonly<Record<Span, PlainKey>> = { '30d': 'stats30d', '12w': 'stats12w', year: 'statsYear' };

interface Trend {
  days: Days;
  today: number;
  /** The share that is to be remembered. */
  wanted: number;
  span: Span;
  onSpan: (span: Span) => void;
}

export function Trend({ days, today, wanted, span, onSpan }: Trend) {
  const { counts, studied } = totalOf(days, firstDayOf(span, today), today);
  const buckets = barsOf(days, span, today);
  return (
    <>
      <fieldset class="spans">
        <legend>
          <h2>{t('statsSpan')}</h2>
        </legend>
        {SPANS.map((each) => (
          <label key={each}>
            <input type="radio" name="span" checked={each === span} onChange={() => onSpan(each)} />
            {t(spanWords[each])}
          </label>
        ))}
      </fieldset>
      {studied === 0 ? (
        <p class="muted">{t('statsSpanEmpty')}</p>
      ) : (
        <>
          <Answers {...{ buckets, counts, studied }} />
          <Minutes {...{ buckets, counts, studied }} />
          <Recalled buckets={sharesOf(days, span, today)} counts={counts} wanted={wanted} />
          <Ratings counts={counts} />
        </>
      )}
    </>
  );
}

/** "12月3日", or the month where a bucket is longer than a week. */
function nameOf({ first, last }: Bucket): string {
  const short = { month: 'short', day: 'numeric' } as const;
  if (first === last) return dateIn(short, first);
  if (last - first >= 7) return dateIn({ year: 'numeric', month: 'short' }, first);
  return t('statsWeekOf', { date: dateIn(short, first) });
}

interface Amount {
  buckets: readonly Bucket[];
  counts: DayCounts;
  studied: number;
}

function Amounts({
  id,
  title,
  says,
  values,
  words,
  buckets,
}: {
  id: string;
  title: string;
  says: ComponentChildren;
  values: readonly number[];
  words: (value: number) => string;
  buckets: readonly Bucket[];
}) {
  const [first, last] = [buckets[0], buckets.at(-1)];
  const rows = () => buckets.map((bucket, place) => [nameOf(bucket), words(values[place] ?? 0)]).reverse();
  return (
    <Part below id={id} title={title} says={says}>
      <Bars
        label={title}
        values={values}
        most={t('statsMost', { most: words(Math.max(0, ...values)) })}
        first={first ? nameOf(first) : ''}
        last={last ? nameOf(last) : ''}
      />
      <Table title={title} columns={[t('statsWhen'), title]} rows={rows} />
    </Part>
  );
}

function Answers({ buckets, counts, studied }: Amount) {
  const n = answersIn(counts);
  return (
    <Amounts
      id="answers"
      title={t('statsAnswers')}
      says={t('statsAnswersSay', { n, days: t('statsOnDays', { n: studied }), each: Math.round(n / studied) })}
      values={buckets.map((bucket) => answersIn(bucket.counts))}
      words={(value) => t('timesCount', { n: value })}
      buckets={buckets}
    />
  );
}

function Minutes({ buckets, counts, studied }: Amount) {
  const each = spent(counts.duration_ms / studied);
  return (
    <Amounts
      id="minutes"
      title={t('statsTime')}
      says={t('statsTimeSay', { time: longTime(counts.duration_ms), each })}
      values={buckets.map((bucket) => bucket.counts.duration_ms)}
      words={longTime}
      buckets={buckets}
    />
  );
}

const HOUR_MS = 3_600_000;

function longTime(ms: number): string {
  if (ms < HOUR_MS) return spent(ms);
  return t('statsHours', { hours: Math.floor(ms / HOUR_MS), n: Math.round((ms % HOUR_MS) / 60_000) });
}

// --- how well ----------------------------------------------------------------------------------------------------

const ENOUGH = 20;
const NEAR = 0.02;

function Recalled({ buckets, counts, wanted }: Pick<Amount, 'buckets' | 'counts'> & { wanted: number }) {
  const reviews = reviewsIn(counts);
  if (reviews === 0) return <Part below id="recalled" title={t('statsRecall')} says={t('statsRecallNone')} />;
  const shares = (of: DayCounts) => ({
    young: shareOf(of.young_passed, of.young),
    mature: shareOf(of.mature_passed, of.mature),
    all: shareOf(recalledIn(of), reviewsIn(of)),
  });
  const words = (share: number | null) => (share === null ? '–' : percent(share));
  const row = (bucket: Bucket) => {
    const { all, young, mature } = shares(bucket.counts);
    return [nameOf(bucket), words(all), words(young), words(mature), number(reviewsIn(bucket.counts))];
  };
  const [first, last] = [buckets[0], buckets.at(-1)];
  return (
    <Part below id="recalled" title={t('statsRecall')} says={<RecallWords counts={counts} wanted={wanted} />}>
      <Lines
        label={t('statsRecall')}
        wanted={wanted}
        young={buckets.map((bucket) => shares(bucket.counts).young)}
        mature={buckets.map((bucket) => shares(bucket.counts).mature)}
        first={first ? nameOf(first) : ''}
        last={last ? nameOf(last) : ''}
      />
      <Table
        title={t('statsRecall')}
        columns={[t('statsWhen'), t('statsAll'), t('statsYoung'), t('statsMature'), t('statsReviews')]}
        rows={() => buckets.map(row).reverse()}
      />
    </Part>
  );
}

function RecallWords({ counts, wanted }: { counts: DayCounts; wanted: number }) {
  const reviews = reviewsIn(counts);
  const share = recalledIn(counts) / reviews;
  const away = share - wanted;
  const points = Math.round(Math.abs(away) * 100);
  const says = t('statsRecallSay', { share: percent(share), wanted: percent(wanted) });
  if (reviews < ENOUGH) return `${says}${t('statsRecallFew', { n: reviews })}`;
  if (Math.abs(away) <= NEAR) return `${says}${t('statsRecallNear')}`;
  return `${says}${t(away > 0 ? 'statsRecallAbove' : 'statsRecallBelow', { n: points })}`;
}

const RATINGS = [
  [1, 'again'],
  [2, 'hard'],
  [3, 'good'],
  [4, 'easy'],
] as const;

function Ratings({ counts }: { counts: DayCounts }) {
  const all = answersIn(counts);
  return (
    <Part
      below
      id="ratings"
      title={t('statsRatings')}
      says={t('statsRatingsSay', { share: percent(counts.again / all) })}
    >
      <Shares
        rows={RATINGS.map(([rating, name]) => ({
          name: t(ratingWords[rating]),
          look: `p${rating}`,
          share: counts[name] / all,
          words: `${percent(counts[name] / all)} · ${number(counts[name])}`,
        }))}
      />
    </Part>
  );
}

interface Share {
  name: string;
  look: string;
  share: number;
  words: string;
}

/** Shares of a whole, a bar each: word and figure stand beside it, so that this is its own table. */
export function Shares({ rows }: { rows: readonly Share[] }) {
  return (
    <dl class="shares">
      {rows.map(({ name, look, share, words }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{words}</dd>
          <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <path class="track" d="M0 0H100V8H0Z" />
            <path class={look} d={`M0 0H${share * 100}V8H0Z`} />
          </svg>
        </div>
      ))}
    </dl>
  );
}
