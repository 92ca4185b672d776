/** A learner's own wishes, laid over what the server last told until it has heard them. */
import type { Data, LearnerRow, ParametersRow } from '../wire';
import { readMeta } from './device';
import type { Engine, Tx } from './engine';
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

/** The wishes that the server has not heard. The disk holds them; what is on its way there counts at once. */
export class Wishes {
  now: LearnerPatch = {};
  // A reading that began before these were written must not take them off the screen again.
  private readonly underWay = new Set<LearnerPatch>();

  async read(tx: Tx): Promise<void> {
    this.now = [...this.underWay].reduce(together, await wishesIn(tx));
  }

  async add(engine: Engine, patch: LearnerPatch): Promise<void> {
    this.now = together(this.now, patch);
    this.underWay.add(patch);
    try {
      await engine.run('readwrite', ['meta'], async (tx) => putWishes(tx, together(await wishesIn(tx), patch)));
    } finally {
      this.underWay.delete(patch);
    }
  }
}

export async function wishesIn(tx: Tx): Promise<LearnerPatch> {
  return ((await readMeta(tx, 'patch')) as LearnerPatch | null) ?? {};
}

export async function putWishes(tx: Tx, wishes: LearnerPatch): Promise<void> {
  await tx.put('meta', { name: 'patch', value: { ...wishes } as Data });
}

function together(wishes: LearnerPatch, later: LearnerPatch): LearnerPatch {
  return { ...wishes, ...later, ...(later.settings && { settings: { ...wishes.settings, ...later.settings } }) };
}
