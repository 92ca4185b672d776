/**
 * What a learner does with a card: recorded, taken back. Each function is the whole of one transaction. With it come the rules of
 * scheduling; both are fetched right after the first card is on the screen, which needs neither.
 */
import { NEW_CARD } from '../schedule';
import type { CardRow, CardState, EventIn } from '../wire';
import { Device } from './device_row';
import type { Tx } from './engine';
import { entriesOf, Gone } from './journal';
import { applyOwn, type Replaying, refolded, stateOf } from './onTop';
import type { Shelf } from './shelf';
import type { JournalRecord } from './tables';
import type { PreparedEvent, Recorded } from './types';

export { previews, retrievability } from '../schedule';

/** Saves an event with all that follows from it. The same event again changes nothing. Throws Gone for an undo of nothing. */
export async function saveEvent(tx: Tx, prepared: PreparedEvent, how: Replaying, shelf: Shelf): Promise<Recorded> {
  // Asked together, the database answers them in one go; each go costs a phone a share of a frame.
  const [card, known, device] = await Promise.all([
    tx.get('cards', prepared.card_id),
    tx.get('journal', prepared.id),
    Device.in(tx),
  ]);
  if (known) return { event: known.event, card: card ?? ghost(known.card_id), before: known.before };
  const n = device.next();
  const event: EventIn = {
    ...prepared,
    data: completed(prepared, shelf.retention(card?.deck_id ?? '')),
    device_seq: n,
  };
  const saved = card ?? ghost(event.card_id);
  const before = stateOf(saved);
  const { deck_id, note_id } = saved;
  const entry = { id: event.id, n, day: event.day, card_id: saved.id, deck_id, note_id, event, before, undone: false };
  const after = event.kind === 'undo' ? await takenBack(tx, event, how) : applyOwn(saved.id, before, event, how);
  const changed: CardRow = { ...saved, ...after };
  await Promise.all([
    card && device.putCard(card, changed),
    tx.put('journal', entry),
    tx.put('outbox', { n, id: event.id, about: saved.id, event, edit: null, before: null }),
    device.save(),
  ]);
  return { event, card: changed, before };
}

/** Stands in for a card that was deleted while the learner looked at it: the answer still goes to the server, which refuses it. */
function ghost(id: string): CardRow {
  return { ...NEW_CARD, id, note_id: '', deck_id: '', ordinal: 0, position: 0, version: 0, seq: 0 };
}

/** A retention that decks say is put into the answer, so that replay needs nothing but the log. */
function completed({ kind, data }: PreparedEvent, retention: number | undefined): EventIn['data'] {
  if (kind !== 'answer' || data.retention !== undefined || retention === undefined) return data;
  return { ...data, retention };
}

async function takenBack(tx: Tx, undo: EventIn, how: Replaying): Promise<CardState> {
  const target = await tx.get('journal', String(undo.data.event));
  if (!target || target.undone || target.card_id !== undo.card_id) throw new Gone(String(undo.data.event));
  return mark(tx, target, true, how);
}

/** Marks an entry as undone or not, and gives the card's state that follows. */
export async function mark(tx: Tx, target: JournalRecord, undone: boolean, how: Replaying): Promise<CardState> {
  await tx.put('journal', { ...target, undone });
  const entries = await entriesOf(tx, target.card_id);
  const { state, moved } = refolded(entries, target, how);
  for (const entry of moved) await tx.put('journal', entry);
  return state;
}
