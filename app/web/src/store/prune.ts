/** Clearing away what the server has: once a day at most, so it comes when it is needed. */
import { keepPruned } from './days';
import type { Tx } from './engine';
import { daysOf, rememberDays } from './journal';

/** Forgets own events of days before `day` that the server has; that something was studied on them, and how much, is kept. */
export async function prune(tx: Tx, day: number): Promise<void> {
  const old = await tx.rows('journal', { index: 'day', range: { to: [day], toOpen: true } });
  await rememberDays(tx, daysOf(old));
  const sent = [];
  for (const entry of old) {
    const unsent = await tx.count('outbox', { index: 'id', range: { from: entry.id, to: entry.id } });
    if (unsent === 0) sent.push(entry);
  }
  await keepPruned(tx, sent);
  for (const { id } of sent) await tx.delete('journal', id);
}
