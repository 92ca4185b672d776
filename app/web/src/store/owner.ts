// Whose data a phone holds, another learner's or nobody's any more, and what its owner wished for.
import type { Data, LearnerRow } from '../wire';
import { firstState, readMeta, writeDevice } from './device';
import { Device, putLearner, startOver } from './device_row';
import { forgetDone } from './done';
import type { Tx } from './engine';
import { ALL_TABLES } from './tables';
import type { LearnerPatch } from './types';

/** The phone belongs to `learner` from now on; what it held of another one is fetched anew. */
export async function changeOwner(tx: Tx, learner: LearnerRow): Promise<void> {
  const known = (await readMeta(tx, 'learner')) as LearnerRow | null;
  await putLearner(tx, learner);
  await tx.delete('meta', 'renewal');
  if (known?.id !== learner.id) await forgetDone(tx);
  if (!known || known.id === learner.id) return;
  const device = await Device.in(tx);
  for (const table of ['parameters', 'exam_plans', 'day_plans'] as const) await tx.clear(table);
  startOver(device, null);
  await device.save();
}

/** Nothing is left, not even what is unsent if the learner said so; the phone becomes the device `newDevice`. */
export async function empty(tx: Tx, evenUnsent: boolean, newDevice: string): Promise<void> {
  const unsent = await tx.count('outbox');
  if (unsent > 0 && !evenUnsent) throw new Error(`${unsent} unsent items would be lost`);
  for (const table of ALL_TABLES) await tx.clear(table);
  // Its count begins at 0 again, and (device, count) must stay unique.
  await writeDevice(tx, firstState(newDevice));
}

/** The wishes that are not among the `sent` ones, or came after them. */
export function wishesAfter(wishes: LearnerPatch, sent: LearnerPatch): LearnerPatch {
  const later = Object.entries(wishes).filter(
    ([name, wish]) => JSON.stringify(wish) !== JSON.stringify(sent[name as keyof LearnerPatch]),
  );
  return Object.fromEntries(later) as LearnerPatch;
}

/** Writes the wishes that the server has not heard, and the learner as it last told. */
export async function keepWishes(tx: Tx, wishes: LearnerPatch, learner: LearnerRow | null): Promise<void> {
  await tx.put('meta', { name: 'patch', value: { ...wishes } as Data });
  if (learner) await putLearner(tx, learner);
}
