/** This device's own record of what its learner did: what starting and looking back need, without the rules of scheduling. */
import { readMeta } from './device';
import type { Engine, Tx } from './engine';
import type { JournalRecord, Table } from './tables';

export const ACT_TABLES: readonly Table[] = ['cards', 'decks', 'outbox', 'journal', 'meta'];
/** Days that own events stay in the journal once the server has them. */
export const JOURNAL_DAYS = 7;

/** The card or event is not on this device (any more). */
export class Gone extends Error {
  constructor(readonly id: string) {
    super(`${id} is not here`);
    this.name = 'Gone';
  }
}

/** The undo that took an entry back already, if one did. */
export async function undoOf(tx: Tx, target: JournalRecord): Promise<JournalRecord | null> {
  const entries = await entriesOf(tx, target.card_id);
  return entries.find(({ event }) => event.kind === 'undo' && event.data.event === target.id) ?? null;
}

/** This device's entries on a card, in the order of making. */
export function entriesOf(tx: Tx, cardId: string): Promise<JournalRecord[]> {
  return tx.rows('journal', { index: 'card', range: { from: [cardId, 0], to: [cardId, Number.MAX_SAFE_INTEGER] } });
}

/** A start with nothing to clear away writes nothing: waiting for the disk would hold up the first card. */
export async function clearAway(engine: Engine, today: number): Promise<void> {
  const oldest = today - JOURNAL_DAYS;
  const range = { to: [oldest], toOpen: true };
  const old = await engine.run('readonly', ['journal'], (tx) => tx.count('journal', { index: 'day', range }));
  if (old === 0) return;
  // Out of reach, it is done another day.
  const prune = await import('./prune').catch(() => null);
  if (prune) await engine.run('readwrite', ['journal', 'outbox', 'meta'], (tx) => prune.prune(tx, oldest));
}

export const DAYS = 'days';

/** Learner days with an answer that was not taken back, in no order: those remembered, and those of the journal. */
export async function daysStudied(tx: Tx): Promise<number[]> {
  return [...new Set([...((await readMeta<number[]>(tx, DAYS)) ?? []), ...daysOf(await tx.rows('journal'))])];
}

export function daysOf(entries: readonly JournalRecord[]): number[] {
  const answers = entries.filter(({ event, undone }) => event.kind === 'answer' && !undone);
  return [...new Set(answers.map(({ day }) => day))];
}

export async function rememberDays(tx: Tx, days: readonly number[]): Promise<void> {
  const known = new Set(await readMeta<number[]>(tx, DAYS));
  if (days.every((day) => known.has(day))) return;
  await tx.put('meta', { name: DAYS, value: [...new Set([...known, ...days])].sort((a, b) => a - b) });
}
