/** A learner's own wishes, laid over what the server last told until it has heard them. */
import type { LearnerRow, ParametersRow } from '../wire';
import type { LearnerPatch } from './types';

type Wished<K extends keyof LearnerPatch> = { [P in K]?: NonNullable<LearnerPatch[P]> };

function only<K extends keyof LearnerPatch>(patch: LearnerPatch, names: readonly K[]): Wished<K> {
  const wished = names.filter((name) => patch[name] !== undefined);
  return Object.fromEntries(wished.map((name) => [name, patch[name]])) as Wished<K>;
}

export function learnerWith(row: LearnerRow, patch: LearnerPatch): LearnerRow {
  const settings = { ...row.settings, ...patch.settings };
  return { ...row, ...only(patch, ['language', 'zone', 'rollover_hour']), settings };
}

export function parametersWith(row: ParametersRow, patch: LearnerPatch): ParametersRow {
  const names = ['desired_retention', 'learning_steps', 'relearning_steps', 'maximum_interval'] as const;
  return { ...row, ...only(patch, names) };
}
