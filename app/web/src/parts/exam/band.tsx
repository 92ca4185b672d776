// A share with its band on a scale from nothing to all.
import type { Readiness } from '../../wire';
import { bandWords } from './numbers';

const WIDTH = 320;
const HEIGHT = 20;

export function Band({ readiness }: { readiness: Readiness }) {
  const { mean, low, high } = readiness;
  const x = (share: number) => 1 + share * (WIDTH - 2);
  return (
    <svg class="band" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={bandWords(readiness)}>
      <path class="band-scale" d={`M1 ${HEIGHT / 2}H${WIDTH - 1}`} />
      <path class="band-range" d={`M${x(low)} ${HEIGHT / 2}H${x(high)}`} />
      <path class="band-mean" d={`M${x(mean)} 2V${HEIGHT - 2}`} />
    </svg>
  );
}
