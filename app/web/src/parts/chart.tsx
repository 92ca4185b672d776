// Answers over time: how long after the one before each answer came, and what it was. Each rating has its own shape.
import type { Rating } from '../wire';
import { t } from '../words';
import { dateOfDay, days } from '../words/time';
import { ratingWords } from './dock';
import type { Past } from './history';

const WIDTH = 320;
const HEIGHT = 120;
const MARGIN = { top: 8, right: 8, bottom: 20, left: 44 };
const INNER_WIDTH = WIDTH - MARGIN.left - MARGIN.right;
const INNER_HEIGHT = HEIGHT - MARGIN.top - MARGIN.bottom;
const MARK = 5;

interface Point {
  id: string;
  day: number;
  /** Days since the answer before. */
  gap: number;
  rating: Rating;
}

function pointsOf(answers: readonly Past[]): Point[] {
  return answers.map((answer, index) => ({
    id: answer.id,
    day: answer.day,
    gap: Math.max(0, answer.day - (answers[index - 1]?.day ?? answer.day)),
    rating: answer.rating ?? 3,
  }));
}

export function Chart({ answers }: { answers: readonly Past[] }) {
  const points = pointsOf(answers);
  const [first, last] = [points[0]?.day ?? 0, points.at(-1)?.day ?? 0];
  const longest = Math.max(1, ...points.map((point) => point.gap));
  const x = (day: number) => MARGIN.left + ((day - first) / Math.max(1, last - first)) * INNER_WIDTH;
  // The square root keeps the short first intervals apart from each other.
  const y = (gap: number) => HEIGHT - MARGIN.bottom - Math.sqrt(gap / longest) * INNER_HEIGHT;
  const path = `M${points.map((point) => `${x(point.day)} ${y(point.gap)}`).join('L')}`;
  return (
    <figure>
      <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('historyChart')}>
        <path
          class="axis"
          d={`M${MARGIN.left} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}H${WIDTH - MARGIN.right}`}
          fill="none"
        />
        <text x={MARGIN.left - 6} y={y(longest) + 8} text-anchor="end">
          {days(longest)}
        </text>
        <text x={MARGIN.left} y={HEIGHT - 4}>
          {dateOfDay(first)}
        </text>
        {last > first && (
          <text x={WIDTH - MARGIN.right} y={HEIGHT - 4} text-anchor="end">
            {dateOfDay(last)}
          </text>
        )}
        <path class="path" d={path} />
        {points.map((point) => (
          <Mark key={point.id} x={x(point.day)} y={y(point.gap)} rating={point.rating} />
        ))}
      </svg>
      <figcaption class="legend small muted">
        {([1, 2, 3, 4] as const).map((rating) => (
          <span key={rating}>
            <svg viewBox="0 0 14 14" aria-hidden="true">
              <Mark x={7} y={7} rating={rating} />
            </svg>{' '}
            {t(ratingWords[rating])}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function Mark({ x, y, rating }: { x: number; y: number; rating: Rating }) {
  return <path class={`p${rating}`} d={shapes[rating]} transform={`translate(${x} ${y})`} />;
}

const shapes: Readonly<Record<Rating, string>> = {
  1: `M0-${MARK}L${MARK} ${MARK}H-${MARK}Z`,
  2: `M0-${MARK}L${MARK} 0 0 ${MARK}-${MARK} 0Z`,
  3: `M-${MARK} 0a${MARK} ${MARK} 0 1 0 ${2 * MARK} 0a${MARK} ${MARK} 0 1 0-${2 * MARK} 0`,
  4: `M-4-4H4V4H-4Z`,
};
