// The way to the exam: where the learner has stood, and where the plan leads, with its band; a table behind it.
import type { ExamPlanRow, ExamRow } from '../../wire';
import { number, t } from '../../words';
import { NumbersTable } from '../numbers_table';
import { bandFigures, bandWords, shareWords, shortDate } from './numbers';

const WIDTH = 320;
const HEIGHT = 168;
const MARGIN = { top: 12, right: 10, bottom: 24, left: 42 };

interface Point {
  day: number;
  mean: number;
  low: number;
  high: number;
}

/** Readiness if study stopped: as it was at the start of each past day and is today, then as expected after each day to come. */
function pointsOf({ history, readiness, day, path }: ExamPlanRow): { past: Point[]; ahead: Point[] } {
  const past = [...history.map((each) => ({ day: each.day, ...each.readiness })), { day, ...readiness }];
  // What is expected after a day is where the next one begins.
  const ahead = [
    { day, ...readiness },
    ...path.map(({ mean, low, high, ...each }) => ({ day: each.day + 1, mean, low, high })),
  ];
  return { past, ahead };
}

function scales(points: readonly Point[], lastDay: number) {
  const first = points[0]?.day ?? lastDay;
  const span = Math.max(1, lastDay - first);
  const x = (day: number) =>
    MARGIN.left + ((Math.min(day, lastDay) - first) / span) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (share: number) => HEIGHT - MARGIN.bottom - share * (HEIGHT - MARGIN.top - MARGIN.bottom);
  return { x, y, first };
}

export function PathChart({ exam, plan }: { exam: ExamRow; plan: ExamPlanRow }) {
  const { past, ahead } = pointsOf(plan);
  const lastDay = Math.max(exam.day, plan.day + 1);
  const { x, y, first } = scales(past, lastDay);
  const line = (points: readonly Point[]) => `M${points.map(({ day, mean }) => `${x(day)} ${y(mean)}`).join('L')}`;
  const upper = ahead.map(({ day, high }) => `${x(day)} ${y(high)}`);
  const lower = [...ahead].reverse().map(({ day, low }) => `${x(day)} ${y(low)}`);
  return (
    <figure class="path-chart">
      <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('examPathLabel', summary(plan))}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <path class={share === 0 ? 'axis' : 'grid'} d={`M${MARGIN.left} ${y(share)}H${WIDTH - MARGIN.right}`} />
            <text x={MARGIN.left - 6} y={y(share) + 4} text-anchor="end">
              {shareWords(share)}
            </text>
          </g>
        ))}
        {plan.path.length > 0 && (
          <>
            <path class="ahead-band" d={`M${[...upper, ...lower].join('L')}Z`} />
            <path class="ahead" d={line(ahead)} />
          </>
        )}
        <path class="past" d={line(past)} />
        {past.map(({ day, mean }) => (
          <circle key={day} class="past-mark" cx={x(day)} cy={y(mean)} r={past.length > 20 ? 1.5 : 3} />
        ))}
        <Dates first={first} today={plan.day} last={lastDay} exam={exam.day} x={x} />
      </svg>
      <figcaption class="legend small muted">
        <span>
          <svg viewBox="0 0 24 14" aria-hidden="true">
            <path class="past" d="M1 7H23" />
            <circle class="past-mark" cx="12" cy="7" r="3" />
          </svg>{' '}
          {t('examPast')}
        </span>
        {plan.path.length > 0 && (
          <span>
            <svg viewBox="0 0 24 14" aria-hidden="true">
              <path class="ahead-band" d="M1 1H23V13H1Z" />
              <path class="ahead" d="M1 7H23" />
            </svg>{' '}
            {t('examAhead')}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function summary({ readiness, outlook }: ExamPlanRow) {
  return { now: bandWords(readiness), later: bandWords(outlook) };
}

interface Dates {
  first: number;
  today: number;
  last: number;
  /** On its own day, or after it, the line ends there and not at `last`. */
  exam: number;
  x: (day: number) => number;
}

const LABEL_ROOM = 74;

function Dates({ first, today, last, exam, x }: Dates) {
  const y = HEIGHT - 6;
  const apart = (a: number, b: number) => Math.abs(x(a) - x(b)) > LABEL_ROOM;
  const todayAt = apart(today, last) && (today === first || apart(today, first));
  return (
    <>
      {first !== today && (
        <text x={x(first)} y={y}>
          {shortDate(first)}
        </text>
      )}
      {todayAt && (
        <text x={x(today)} y={y} text-anchor={today === first ? 'start' : 'middle'}>
          {t('examToday')}
        </text>
      )}
      <text x={WIDTH - MARGIN.right} y={y} text-anchor="end">
        {t('examOn', { date: shortDate(exam) })}
      </text>
    </>
  );
}

/** The same in numbers: what was said on each past day and what was done, then what is planned. */
export function PathTable({ plan }: { plan: ExamPlanRow }) {
  return (
    <details>
      <summary class="fold">{t('examTable')}</summary>
      <Past plan={plan} />
      {plan.path.length > 0 && <Ahead path={plan.path} />}
    </details>
  );
}

function Past({ plan: { history, readiness, outlook } }: { plan: ExamPlanRow }) {
  const past = history.map((each) => [
    shortDate(each.day),
    number(Math.round(each.spent / 60)),
    bandFigures(each.readiness),
    bandFigures(each.outlook),
  ]);
  const today = [t('examToday'), '–', bandFigures(readiness), bandFigures(outlook)];
  const columns = [t('examDay'), t('examTime'), t('examIfStopped'), t('examIfKept')];
  return <NumbersTable titled title={t('examPast')} columns={columns} rows={[...past, today]} />;
}

function Ahead({ path }: { path: ExamPlanRow['path'] }) {
  const rows = path.map((each) => [shortDate(each.day), number(Math.round(each.seconds / 60)), bandFigures(each)]);
  const columns = [t('examDay'), t('examTime'), t('examAfterDay')];
  return <NumbersTable titled title={t('examPlanned')} columns={columns} rows={rows} />;
}
