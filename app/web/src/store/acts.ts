/** What a learner does with a card: recorded, taken back. Each function is the whole of one transaction. */
import { NEW_CARD } from '../schedule';
import type { CardRow, CardState, EventIn } from '../wire';
import { Device, readMeta } from './device';
import type { Tx } from './engine';
import { applyOwn, type Replaying, refolded, stateOf } from './onTop';
import type { JournalRecord, Table } from './tables';
import type { PreparedEvent, Recorded } from './types';

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

/** Saves an event with all that follows from it. The same event again changes nothing. Throws Gone for an undo of nothing. */
export async function saveEvent(tx: Tx, prepared: PreparedEvent, how: Replaying): Promise<Recorded> {
  const card = await tx.get('cards', prepared.card_id);
  const known = await tx.get('journal', prepared.id);
  if (known) return { event: known.event, card: card ?? ghost(known.card_id), before: known.before };
  const device = await Device.in(tx);
  const n = device.next();
  const event: EventIn = { ...prepared, data: await completed(tx, prepared, card), device_seq: n };
  const saved = card ?? ghost(event.card_id);
  const before = stateOf(saved);
  const { deck_id, note_id } = saved;
  const entry = { id: event.id, n, day: event.day, card_id: saved.id, deck_id, note_id, event, before, undone: false };
  const after = event.kind === 'undo' ? await takenBack(tx, event, how) : applyOwn(saved.id, before, event, how);
  const changed: CardRow = { ...saved, ...after };
  if (card) await device.putCard(card, changed);
  await tx.put('journal', entry);
  await tx.put('outbox', { n, id: event.id, about: saved.id, event, edit: null, before: null });
  await device.save();
  return { event, card: changed, before };
}

/** Stands in for a card that was deleted while the learner looked at it: the answer still goes to the server, which refuses it. */
function ghost(id: string): CardRow {
  return { ...NEW_CARD, id, note_id: '', deck_id: '', ordinal: 0, position: 0, version: 0, seq: 0 };
}

/** A deck with its own retention puts it into the answer, so that replay needs nothing but the log. */
async function completed(tx: Tx, { kind, data }: PreparedEvent, card: CardRow | undefined): Promise<EventIn['data']> {
  if (kind !== 'answer' || data.retention !== undefined || !card) return data;
  const retention = (await tx.get('decks', card.deck_id))?.options.desired_retention;
  return typeof retention === 'number' ? { ...data, retention } : data;
}

async function takenBack(tx: Tx, undo: EventIn, how: Replaying): Promise<CardState> {
  const target = await tx.get('journal', String(undo.data.event));
  if (!target || target.undone || target.card_id !== undo.card_id) throw new Gone(String(undo.data.event));
  return mark(tx, target, true, how);
}

/** The undo that took an entry back already, if one did. */
export async function undoOf(tx: Tx, target: JournalRecord): Promise<JournalRecord | null> {
  const entries = await entriesOf(tx, target.card_id);
  return entries.find(({ event }) => event.kind === 'undo' && event.data.event === target.id) ?? null;
}

/** Marks an entry as undone or not, and gives the card's state that follows. */
export async function mark(tx: Tx, target: JournalRecord, undone: boolean, how: Replaying): Promise<CardState> {
  await tx.put('journal', { ...target, undone });
  const entries = await entriesOf(tx, target.card_id);
  const { state, moved } = refolded(entries, target, how);
  for (const entry of moved) await tx.put('journal', entry);
  return state;
}

/** This device's entries on a card, in the order of making. */
export function entriesOf(tx: Tx, cardId: string): Promise<JournalRecord[]> {
  return tx.rows('journal', { index: 'card', range: { from: [cardId, 0], to: [cardId, Number.MAX_SAFE_INTEGER] } });
}

/** Forgets own events of days before `day` that the server has; that something was studied on them is kept. */
export async function prune(tx: Tx, day: number): Promise<void> {
  const old = await tx.rows('journal', { index: 'day', range: { to: [day], toOpen: true } });
  await rememberDays(tx, daysOf(old));
  for (const { id } of old) {
    const unsent = await tx.count('outbox', { index: 'id', range: { from: id, to: id } });
    if (unsent === 0) await tx.delete('journal', id);
  }
}

const DAYS = 'days';

/** Learner days with an answer that was not taken back, in no order: those remembered, and those of the journal. */
export async function daysStudied(tx: Tx): Promise<number[]> {
  return [...new Set([...((await readMeta<number[]>(tx, DAYS)) ?? []), ...daysOf(await tx.rows('journal'))])];
}

function daysOf(entries: readonly JournalRecord[]): number[] {
  const answers = entries.filter(({ event, undone }) => event.kind === 'answer' && !undone);
  return [...new Set(answers.map(({ day }) => day))];
}

export async function rememberDays(tx: Tx, days: readonly number[]): Promise<void> {
  const known = new Set(await readMeta<number[]>(tx, DAYS));
  if (days.every((day) => known.has(day))) return;
  await tx.put('meta', { name: DAYS, value: [...new Set([...known, ...days])].sort((a, b) => a - b) });
}
