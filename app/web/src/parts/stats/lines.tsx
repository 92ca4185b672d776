// The remembered share over time, young and firm cards apart, beside what is wanted. Lines differ in dash and mark, not in colour alone.
import { percent, t } from '../../words';

const WIDTH = 280;
const HEIGHT = 120;
const PAD = 6;
const ROUNDED = 0.1;

interface Props {
  label: string;
  wanted: number;
  young: readonly (number | null)[];
  mature: readonly (number | null)[];
  first: string;
  last: string;
}

type Point = readonly [x: number, y: number];

export function Lines({ label, wanted, young, mature, first, last }: Props) {
  const shares = [wanted, ...young, ...mature].filter((share) => share !== null);
  // Room below the lowest, to the next tenth; a single bad week must not press all others flat.
  const low = Math.max(0, Math.floor((Math.min(...shares) - 0.001) / ROUNDED) * ROUNDED);
  const x = (place: number) => PAD + (place / Math.max(1, young.length - 1)) * (WIDTH - 2 * PAD);
  const y = (share: number) => PAD + ((1 - share) / (1 - low)) * (HEIGHT - 2 * PAD);
  const pointsOf = (line: readonly (number | null)[]): Point[] =>
    line.flatMap((share, place) => (share === null ? [] : [[x(place), y(share)] as const]));
  return (
    <figure class="lines small muted">
      <div class="scale" aria-hidden="true">
        <span>{percent(1)}</span>
        <span>{percent((1 + low) / 2)}</span>
        <span>{percent(low)}</span>
      </div>
      <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {[1, (1 + low) / 2, low].map((share) => (
          <path key={share} class="grid" d={`M0 ${y(share)}H${WIDTH}`} />
        ))}
        <path class="wanted" d={`M0 ${y(wanted)}H${WIDTH}`} />
        <Line look="young" points={pointsOf(young)} />
        <Line look="mature" points={pointsOf(mature)} />
      </svg>
      <div class="ends">
        <span>{first}</span>
        <span>{last}</span>
      </div>
      <figcaption class="legend">
        {(['young', 'mature'] as const).map((look) => (
          <span key={look}>
            <svg viewBox="0 0 24 14" aria-hidden="true">
              <Line
                look={look}
                points={[
                  [1, 7],
                  [23, 7],
                ]}
                marks={[[12, 7]]}
              />
            </svg>{' '}
            {t(look === 'young' ? 'statsYoung' : 'statsMature')}
          </span>
        ))}
        <span>
          <svg viewBox="0 0 24 14" aria-hidden="true">
            <path class="wanted" d="M1 7H23" />
          </svg>{' '}
          {t('statsWanted', { share: percent(wanted) })}
        </span>
      </figcaption>
    </figure>
  );
}

const MARKS = { young: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0', mature: 'M-3.5-3.5H3.5V3.5H-3.5Z' } as const;

function Line({
  look,
  points,
  marks = points,
}: {
  look: keyof typeof MARKS;
  points: readonly Point[];
  marks?: readonly Point[];
}) {
  return (
    <g class={look}>
      <path class="line" d={points.length > 1 ? `M${points.map((point) => point.join(' ')).join('L')}` : ''} />
      {marks.map(([x, y]) => (
        <path key={`${x} ${y}`} class="mark" d={MARKS[look]} transform={`translate(${x} ${y})`} />
      ))}
    </g>
  );
}
