import type { ParametersRow } from './wire';

/** FSRS-6 weights and steps in force until a learner has others. */
export const DEFAULT_PARAMETERS: ParametersRow = {
  version: 1,
  from_at: 0,
  weights: [
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
    0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
  ],
  desired_retention: 0.9,
  learning_steps: [1, 10],
  relearning_steps: [10],
  maximum_interval: 36500,
};

const LOWEST_RETENTION = 0.7;
const HIGHEST_RETENTION = 0.99;

/** The highest version, whatever the order of the list; the defaults when there is none. */
export function newest(versions: readonly ParametersRow[]): ParametersRow {
  return versions.reduce((best, row) => (row.version > best.version ? row : best), versions[0] ?? DEFAULT_PARAMETERS);
}

/** The highest version begun by `at` (ms), or the lowest one for answers older than them all. */
export function inForce(versions: readonly ParametersRow[], at: number): ParametersRow {
  const begun = versions.filter((row) => row.from_at <= at);
  if (begun.length > 0) return newest(begun);
  return versions.reduce(
    (least, row) => (row.version < least.version ? row : least),
    versions[0] ?? DEFAULT_PARAMETERS,
  );
}

/** The nearest desired retention that makes sense. */
export function clipRetention(retention: number): number {
  return Math.min(Math.max(retention, LOWEST_RETENTION), HIGHEST_RETENTION);
}
