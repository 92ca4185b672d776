/** Edits of notes and decks: applied here at once, sent later, and laid over the server's rows until it has them. */
import { cardIdOf } from '../ids';
import { type CardFace, faces } from '../notes';
import { NEW_CARD } from '../schedule';
import type { Data, DeckOptions, DeckRow, EditIn, Entity, Json, NoteKind, OptionChanges } from '../wire';
import { Device } from './device_row';
import { type Tx, under } from './engine';
import { examAfter } from './exam_edits';
import { Gone } from './journal';
import { withShows } from './media';
import { cardsOf } from './reads';
import type { CardRecord, DeckRecord, ExamRecord, NoteRecord, OutboxItem, Table } from './tables';
import type { EditDraft } from './types';

export const EDIT_TABLES: readonly Table[] = ['decks', 'notes', 'cards', 'exams', 'outbox', 'meta'];
export const TABLE_OF = { deck: 'decks', note: 'notes', exam: 'exams', card: 'cards' } as const;

/** Text as the server keeps it: composed characters, no difference between two ways of writing an accent. */
function composed(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, text.normalize('NFC')]));
}

/** The edit as it goes to the server; `id` and, for a new thing, `newThing` are fresh ids. */
export function editOf(draft: EditDraft, id: string, newThing: string, at: number): EditIn {
  const entityId = draft.op === 'create' ? newThing : draft.entity_id;
  const fields = 'fields' in draft ? wireFields(draft.fields) : {};
  return { id, entity: draft.entity, op: draft.op, entity_id: entityId, base_version: 0, at, fields };
}

function wireFields(fields: object): Data {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Data;
  const texts = given.fields as Record<string, string> | undefined;
  const name = typeof given.name === 'string' ? { name: given.name.normalize('NFC') } : {};
  return { ...given, ...name, ...(texts && { fields: composed(texts) }) };
}

/**
 * Applies an edit to this device's rows and queues it: the whole of one transaction. The same edit again changes nothing.
 * What the server knows as deleted already comes back with the next sync. Throws Gone, and InvalidNote for fields that make no card.
 */
export async function saveEdit(tx: Tx, edit: EditIn): Promise<void> {
  const known = await tx.count('outbox', { index: 'id', range: { from: edit.id, to: edit.id } });
  if (known > 0) return;
  const device = await Device.in(tx);
  const before = await rowOf(tx, edit);
  if (!before && edit.op !== 'create' && edit.op !== 'restore') throw new Gone(edit.entity_id);
  const sent = { ...edit, base_version: before?.version ?? 0 };
  const isAway = !before && edit.op === 'restore';
  if (!isAway) await putEdited(tx, device, sent, before);
  const n = device.next();
  await tx.put('outbox', { n, id: edit.id, about: edit.entity_id, event: null, edit: sent, before });
  await device.save();
}

async function putEdited(tx: Tx, device: Device, sent: EditIn, before: OutboxItem['before']): Promise<void> {
  if (sent.entity === 'deck') await tx.put('decks', deckAfter(before as DeckRecord | null, sent));
  else if (sent.entity === 'exam')
    await tx.put('exams', withoutSettled(examAfter(before as ExamRecord | null, sent), sent));
  else await putNote(tx, device, withoutConflict(noteAfter(before as NoteRecord | null, sent)));
}

/** The learner has seen both versions and decided. */
function withoutConflict({ conflict: _settled, ...row }: NoteRecord) {
  return row;
}

/** Of an exam only the parts that the edit is about: each is decided by itself. */
function withoutSettled({ conflict, ...row }: ExamRecord, { fields }: EditIn): ExamRecord {
  if (typeof conflict !== 'object' || conflict === null || Array.isArray(conflict)) return row;
  const touched = new Set(Object.entries(fields).flatMap(([name, value]) => partsOf(name, value)));
  const open = Object.entries(conflict).filter(([field]) => !touched.has(field));
  return open.length > 0 ? { ...row, conflict: Object.fromEntries(open) } : row;
}

function partsOf(name: string, value: unknown): string[] {
  const isMarks = (name === 'cards' || name === 'sections') && typeof value === 'object' && value !== null;
  return isMarks ? Object.keys(value).map((key) => `${name}.${key}`) : [name];
}

async function rowOf(tx: Tx, { entity, entity_id }: EditIn): Promise<OutboxItem['before']> {
  return (await tx.get(TABLE_OF[entity], entity_id)) ?? null;
}

/** A deck as it stands after an edit. Pure. */
export function deckAfter(row: DeckRecord | null, edit: EditIn): DeckRecord {
  const base: DeckRow = row ?? {
    id: edit.entity_id,
    name: '',
    slug: null,
    origin: 'own',
    origin_version: null,
    options: {},
    position: 0,
    version: 0,
    seq: 0,
  };
  const { name, options, position } = edit.fields;
  return {
    ...base,
    ...(typeof name === 'string' && { name }),
    ...(typeof position === 'number' && { position }),
    options: withChanges(base.options, options as OptionChanges | undefined),
    ...removal(edit),
  };
}

/** The options after an edit, which names only what changes; null takes one off. */
export function withChanges(before: DeckOptions, changes: OptionChanges | undefined): DeckOptions {
  return Object.fromEntries(
    Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null),
  ) as DeckOptions;
}

/** A note as it stands after an edit. Pure. */
export function noteAfter(row: NoteRecord | null, edit: EditIn): NoteRecord {
  const base: NoteRecord = row ?? {
    id: edit.entity_id,
    deck_id: '',
    kind: edit.fields.kind as NoteKind,
    format: 'text',
    fields: {},
    tags: [],
    guid: edit.entity_id,
    source: null,
    version: 0,
    seq: 0,
  };
  const { deck_id, fields, tags } = edit.fields as { deck_id?: Json; fields?: Record<string, string>; tags?: string[] };
  return {
    ...base,
    ...(typeof deck_id === 'string' && { deck_id }),
    ...(tags && { tags }),
    fields: { ...base.fields, ...fields },
    ...removal(edit),
  };
}

function removal({ op }: EditIn): { deleted?: boolean } {
  if (op === 'delete') return { deleted: true };
  return op === 'restore' ? { deleted: false } : {};
}

/** Writes a note and brings its cards in line with it. Throws InvalidNote. */
export async function putNote(tx: Tx, device: Device, note: NoteRecord): Promise<void> {
  await tx.put('notes', withShows(note));
  const present = new Map((await cardsOf(tx, note.id)).map((card) => [card.id, card]));
  const wanted = wantedCards(note, present.values());
  const first = await firstPosition(tx, note.deck_id, [...present.values()]);
  for (const { ordinal } of wanted) {
    const id = cardIdOf(note.id, ordinal);
    const card = present.get(id);
    present.delete(id);
    const row = card ?? newCard(id, note, ordinal, first + ordinal);
    await device.putCard(card, { ...row, deck_id: note.deck_id, deleted: note.deleted ?? false });
  }
  for (const card of present.values()) await device.deleteCard(card);
}

function newCard(id: string, note: NoteRecord, ordinal: number, position: number): CardRecord {
  return { ...NEW_CARD, id, note_id: note.id, deck_id: note.deck_id, ordinal, position, version: 0, seq: 0 };
}

// A note with markup comes from another program with its own templates: editing a field does not change which cards it has.
function wantedCards(note: NoteRecord, present: Iterable<CardRecord>): Pick<CardFace, 'ordinal'>[] {
  return note.format === 'html' || note.kind === 'anki' ? [...present] : faces(note.kind, note.fields);
}

// The server gives each note room for this many cards.
const CARDS_A_NOTE = 128;

/** Where the note's first card stands among the deck's cards: after the last unseen one, until the server says where. */
async function firstPosition(tx: Tx, deckId: string, present: readonly CardRecord[]): Promise<number> {
  const [known] = present;
  if (known) return known.position - known.ordinal;
  const [last] = await tx.rows('cards', { index: 'fresh', range: under(deckId), backwards: true, limit: 1 });
  return last ? (Math.floor(last.position / CARDS_A_NOTE) + 1) * CARDS_A_NOTE : 0;
}

/** Takes a refused edit back: what stood before, with the edits that still wait on top. */
export async function takeBackEdit(
  tx: Tx,
  device: Device,
  item: OutboxItem,
  waiting: readonly EditIn[],
): Promise<void> {
  if (!item.edit) return;
  const { entity, entity_id } = item.edit;
  if (!item.before) return removeRow(tx, device, entity, entity_id);
  if (entity === 'deck') {
    await tx.put('decks', waiting.reduce<DeckRecord>(deckAfter, item.before as DeckRecord));
  } else if (entity === 'exam') {
    await tx.put('exams', waiting.reduce<ExamRecord>(examAfter, item.before as ExamRecord));
  } else {
    await putNote(tx, device, waiting.reduce<NoteRecord>(noteAfter, item.before as NoteRecord));
  }
}

/** Removes a deck, note or card with all that hangs on it. */
export async function removeRow(tx: Tx, device: Device, entity: Entity | 'card', id: string): Promise<void> {
  if (entity === 'exam') {
    await tx.delete('exam_plans', id);
    return tx.delete('exams', id);
  }
  if (entity === 'card') {
    const card = await tx.get('cards', id);
    if (card) await device.deleteCard(card);
    return;
  }
  const index = entity === 'note' ? 'note' : 'deck';
  for (const card of await tx.rows('cards', { index, range: { from: id, to: id } })) await device.deleteCard(card);
  if (entity === 'deck') {
    for (const note of await tx.rows('notes', { index: 'deck', range: { from: id, to: id } }))
      await tx.delete('notes', note.id);
  }
  await tx.delete(entity === 'deck' ? 'decks' : 'notes', id);
}
