/** What counts against the limits of a day: what the server knows of every device, and what this one has not sent. */
import type { DoneToday, EventIn, Json } from '../wire';
import { readMeta } from './device';
import type { Tx } from './engine';
import type { JournalRecord, Table } from './tables';

export const DONE_TABLES: readonly Table[] = ['journal', 'outbox', 'meta'];
const DONE = 'done';
const REVIEW = 2;

/** Answered cards by deck. */
export interface Done {
  new_done: ReadonlyMap<string, number>;
  reviews_done: ReadonlyMap<string, number>;
}

/** Remembers what the server told; an answer that tells nothing changes nothing. */
export async function putDone(tx: Tx, today: DoneToday | undefined): Promise<void> {
  if (today) await tx.put('meta', { name: DONE, value: today as unknown as Json });
}

export function forgetDone(tx: Tx): Promise<void> {
  return tx.delete('meta', DONE);
}

/** `entries` are this device's own of the day, in order. Without word from the server about this day they are all there is. */
export async function doneOn(tx: Tx, day: number, entries: readonly JournalRecord[]): Promise<Done> {
  const told = (await readMeta(tx, DONE)) as unknown as DoneToday | null;
  const known = told?.day === day ? told.done : null;
  const newDone = new Map(known?.map((each) => [each.deck_id, each.new]));
  const reviewsDone = new Map(known?.map((each) => [each.deck_id, each.reviews]));
  const own = known ? await beyond(tx, entries) : entries.filter(isCounted).map((entry) => ({ entry, change: 1 }));
  for (const { entry, change } of own) {
    const counts = entry.before.phase === 0 ? newDone : entry.before.phase === REVIEW ? reviewsDone : null;
    counts?.set(entry.deck_id, (counts.get(entry.deck_id) ?? 0) + change);
  }
  return { new_done: newDone, reviews_done: reviewsDone };
}

function isCounted({ event, undone }: JournalRecord): boolean {
  return event.kind === 'answer' && !undone;
}

/** What own answers change in the server's counts: those that it has not named, and those whose undo it has not. */
async function beyond(tx: Tx, entries: readonly JournalRecord[]): Promise<{ entry: JournalRecord; change: 1 | -1 }[]> {
  const unsent = await unsentOf(tx, entries);
  const takenBack = new Set([...unsent.values()].flatMap(({ kind, data }) => (kind === 'undo' ? [data.event] : [])));
  const more = entries.filter((entry) => isCounted(entry) && unsent.has(entry.id));
  const less = entries.filter(({ id, event }) => event.kind === 'answer' && !unsent.has(id) && takenBack.has(id));
  return [
    ...more.map((entry) => ({ entry, change: 1 as const })),
    ...less.map((entry) => ({ entry, change: -1 as const })),
  ];
}

/** Events that the server has not named, from the first of these entries on, by id. */
async function unsentOf(tx: Tx, entries: readonly JournalRecord[]): Promise<Map<string, EventIn>> {
  const [first] = entries;
  const items = first ? await tx.rows('outbox', { range: { from: first.n } }) : [];
  return new Map(items.flatMap(({ event }) => (event ? [[event.id, event]] : [])));
}
