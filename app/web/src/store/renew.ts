/**
 * Beginning again when the server no longer knows an anonymous learner: everything that this phone holds goes into the outbox once
 * more, for a new learner. Decks and notes are created anew under their own ids; this device's events of the last days are sent as
 * they are; what they do not explain of a card (older history, other devices) is sent as its state. Deletions come last.
 */
import { compareEvents, ownEvent } from '../events';
import { NEW_CARD, replay } from '../schedule';
import type { CardState, Data, EditIn, EventIn, LearnerRow, ParametersRow } from '../wire';
import { forgetKept } from './days';
import { readMeta } from './device';
import { Device, putLearner, startOver } from './device_row';
import { forgetDone } from './done';
import type { Tx } from './engine';
import { forNewOwner } from './media';
import { stateOf } from './onTop';
import type { CardRecord, DeckRecord, JournalRecord, NoteRecord, OutboxItem } from './tables';
import type { LearnerPatch, PreparedEvent } from './types';
import { putWishes, wishesIn } from './wishes';

export interface Moment {
  /** Device clock, ms. */
  at: number;
  offset: number;
  day: number;
  newId: () => string;
}

interface Sending {
  tx: Tx;
  device: Device;
  moment: Moment;
}

/** Fills the outbox for `learner`, who is the phone's learner from here on: the whole of one transaction. */
export async function renew(tx: Tx, learner: LearnerRow, moment: Moment): Promise<void> {
  const device = await Device.in(tx);
  const sending: Sending = { tx, device, moment };
  const unsent = await tx.rows('outbox');
  const cards = await tx.rows('cards');
  const decks = (await tx.rows('decks')).sort((a, b) => a.position - b.position);
  const notes = inOrder(await tx.rows('notes'), decks, cards);
  await tx.clear('outbox');
  for (const deck of decks) await sendDeck(sending, deck);
  for (const note of notes) await sendNote(sending, note);
  await sendExams(sending);
  await sendEvents(sending, cards, unsent);
  for (const { id } of notes.filter(({ deleted }) => deleted)) await queueEdit(sending, 'note', 'delete', id, {});
  for (const { id } of decks.filter(({ deleted }) => deleted)) await queueEdit(sending, 'deck', 'delete', id, {});
  await putWishes(tx, await wishes(tx));
  await tx.delete('meta', 'renewal');
  await forgetDone(tx);
  await forgetKept(tx);
  for (const table of ['parameters', 'exam_plans', 'day_plans'] as const) await tx.clear(table);
  await forNewOwner(tx, true);
  await putLearner(tx, learner);
  startOver(device, null);
  await device.save();
}

/** The notes of the decks that are here, in the order in which their cards are learnt. */
function inOrder(notes: NoteRecord[], decks: readonly DeckRecord[], cards: readonly CardRecord[]): NoteRecord[] {
  const deckPlaces = new Map(decks.map(({ id }, place) => [id, place]));
  const first = new Map<string, number>();
  for (const { note_id, position } of cards) first.set(note_id, Math.min(position, first.get(note_id) ?? position));
  const placeOf = ({ deck_id }: NoteRecord) => deckPlaces.get(deck_id) ?? 0;
  return notes
    .filter(({ deck_id }) => deckPlaces.has(deck_id))
    .sort((a, b) => placeOf(a) - placeOf(b) || (first.get(a.id) ?? 0) - (first.get(b.id) ?? 0));
}

async function sendDeck(sending: Sending, deck: DeckRecord): Promise<void> {
  const { name, options, position } = deck;
  await sending.tx.put('decks', { ...deck, version: 0, seq: 0 });
  await queueEdit(sending, 'deck', 'create', deck.id, { name, position, options: { ...options } as Data });
}

async function sendNote(sending: Sending, note: NoteRecord): Promise<void> {
  const { deck_id, kind, fields, tags } = note;
  await sending.tx.put('notes', { ...note, version: 0, seq: 0 });
  await queueEdit(sending, 'note', 'create', note.id, { deck_id, kind, fields, tags });
}

/** Exams that lie ahead; of those that are over the new learner keeps the answers. */
async function sendExams(sending: Sending): Promise<void> {
  const { tx, moment } = sending;
  for (const exam of await tx.rows('exams')) {
    const { id, deleted, archived, result, generation: _fetched, conflict: _settled, seq: _seq, ...fields } = exam;
    const { version: _version, ...given } = fields;
    if (deleted || archived || exam.day < moment.day) {
      await tx.delete('exams', id);
      continue;
    }
    await tx.put('exams', { ...exam, version: 0, seq: 0 });
    await queueEdit(sending, 'exam', 'create', id, given as unknown as Data);
  }
}

async function queueEdit(
  { tx, device, moment }: Sending,
  entity: EditIn['entity'],
  op: EditIn['op'],
  entityId: string,
  fields: Data,
): Promise<void> {
  const n = device.next();
  const id = moment.newId();
  // Deletions start from what the creation before them made.
  const base = op === 'create' ? 0 : 1;
  const edit: EditIn = {
    id,
    entity,
    op,
    entity_id: entityId,
    base_version: base,
    at: moment.at - moment.offset,
    fields,
  };
  await tx.put('outbox', { n, id, about: entityId, event: null, edit, before: null });
}

// --- events ------------------------------------------------------------------------------------------------------

/** For each card: what brings it to where the journal begins, the journal, and what is still missing then. */
async function sendEvents(
  sending: Sending,
  cards: readonly CardRecord[],
  unsent: readonly OutboxItem[],
): Promise<void> {
  const { tx, device, moment } = sending;
  const journal = (await tx.rows('journal')).sort((a, b) => a.n - b.n);
  const byCard = new Map<string, JournalRecord[]>();
  for (const entry of journal) byCard.set(entry.card_id, [...(byCard.get(entry.card_id) ?? []), entry]);
  for (const card of cards) {
    await tx.put('cards', { ...card, version: 0, seq: 0 });
    const own = byCard.get(card.id) ?? [];
    for (const event of openingOf(own, moment)) await queueEvent(sending, card.id, event);
  }
  const here = new Set(cards.map(({ id }) => id));
  const waiting = new Set(unsent.map(({ id }) => id));
  for (const entry of journal.filter(({ id, card_id }) => here.has(card_id) || waiting.has(id))) {
    const event = await queueEvent(sending, entry.card_id, entry.event);
    await tx.put('journal', { ...entry, n: event.device_seq, event });
  }
  for (const card of cards) {
    for (const event of closingOf(card, byCard.get(card.id) ?? [], moment, device.state.id)) {
      await queueEvent(sending, card.id, event);
    }
  }
}

async function queueEvent(
  { tx, device }: Sending,
  cardId: string,
  event: Omit<PreparedEvent, 'card_id'>,
): Promise<EventIn> {
  const n = device.next();
  const numbered: EventIn = { ...event, card_id: cardId, device_seq: n };
  await tx.put('outbox', { n, id: event.id, about: cardId, event: numbered, edit: null, before: null });
  return numbered;
}

type Loose = Omit<PreparedEvent, 'card_id'>;

/** Brings a new card to where it stood before the first of this device's events, just before that event. */
function openingOf(own: readonly JournalRecord[], moment: Moment): Loose[] {
  const [oldest] = own;
  if (!oldest) return [];
  const first = earliest(own);
  const at = Math.max(0, first.at - 1);
  const drafts = bridge(NEW_CARD, oldest.before, first.day);
  return drafts.map((draft) => made(draft, { ...moment, at, offset: first.clock_offset_ms, day: first.day }));
}

function earliest(own: readonly JournalRecord[]): EventIn {
  return [...own].sort((a, b) => compareEvents(ownEvent(a.event, ''), ownEvent(b.event, '')))[0]?.event as EventIn;
}

/** Brings the card from where the events lead the server to where it stands here, after them all. */
function closingOf(card: CardRecord, own: readonly JournalRecord[], moment: Moment, deviceId: string): Loose[] {
  const told = [...openingOf(own, moment).map((event) => ({ ...event, card_id: card.id, device_seq: 0 }))];
  const events = [...told, ...own.map(({ event }) => event)].map((event) => ownEvent(event, deviceId));
  const last = events.reduce((latest, event) => Math.max(latest, event.effective_at + moment.offset + 1), moment.at);
  const day = events.reduce((latest, event) => Math.max(latest, event.day), moment.day);
  return bridge(replay(card.id, events), stateOf(card), moment.day).map((draft) =>
    made(draft, { ...moment, at: last, day }),
  );
}

type Draft = Pick<EventIn, 'kind' | 'data'>;

function made(draft: Draft, { at, offset, day, newId }: Moment): Loose {
  return { ...draft, id: newId(), rating: null, at, clock_offset_ms: offset, day, duration_ms: 0 };
}

/** The acts that lead a card from one state to another, as far as acts can: a running step begins anew. */
export function bridge(from: CardState, to: CardState, day: number): Draft[] {
  const drafts: Draft[] = [];
  const anew = !isSameMemory(from, to);
  if (anew && from.phase !== 0) drafts.push({ kind: 'reset', data: {} });
  if (anew && to.phase !== 0) drafts.push({ kind: 'seed', data: seedOf(to) });
  if (from.suspended !== to.suspended) drafts.push({ kind: to.suspended ? 'suspend' : 'unsuspend', data: {} });
  if (from.flag !== to.flag) drafts.push({ kind: 'flag', data: { flag: to.flag } });
  const until = to.buried_until;
  if (until !== null && until > day && (anew || until !== from.buried_until)) {
    drafts.push({ kind: 'bury', data: { until } });
  }
  return drafts;
}

function seedOf({ phase, stability, difficulty, due_day, last_day, reps, lapses }: CardState): Data {
  return { phase, stability, difficulty, due_day, last_day, reps, lapses };
}

function isSameMemory(a: CardState, b: CardState): boolean {
  const exact = ['phase', 'due_day', 'last_day', 'reps', 'lapses'] as const;
  return (
    exact.every((name) => a[name] === b[name]) && isNear(a.stability, b.stability) && isNear(a.difficulty, b.difficulty)
  );
}

/** Equal but for the last digits in which two languages differ. */
function isNear(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b));
}

// --- who ---------------------------------------------------------------------------------------------------------

/** All settings of the learner until now, those that the server never heard of on top, as wishes of the new one. */
async function wishes(tx: Tx): Promise<LearnerPatch> {
  const old = (await readMeta(tx, 'learner')) as LearnerRow | null;
  const unheard = await wishesIn(tx);
  const versions = await tx.rows('parameters');
  const steps = versions.length > 1 ? chosen(versions) : {};
  if (!old) return { ...steps, ...unheard };
  const { language, zone, rollover_hour, settings } = old;
  return { language, zone, rollover_hour, ...steps, ...unheard, settings: { ...settings, ...unheard.settings } };
}

/** Of more than one version the newest is the learner's choice; its weights are the server's to find again. */
function chosen(versions: readonly ParametersRow[]): LearnerPatch {
  const last = versions.reduce((best, row) => (row.version > best.version ? row : best));
  const { desired_retention, learning_steps, relearning_steps, maximum_interval } = last;
  return { desired_retention, learning_steps, relearning_steps, maximum_interval };
}
