/** What an answer of the server does to this device's rows: one transaction for each answer. */
import { cardDigest, digestText, EMPTY_DIGEST, plus } from '../digest';
import type { CardRow, EditIn, EventIn, NoteRow, Problem, SyncAnswer } from '../wire';
import { mark } from './acts';
import { Device, putLearner, startOver } from './device_row';
import { putDone } from './done';
import { deckAfter, noteAfter, putNote, removeRow, takeBackEdit } from './edits';
import type { Tx } from './engine';
import { putExamConflict, sweepExams, takeExams } from './exam_fold';
import { entriesOf } from './journal';
import { withShows } from './media';
import { onTop, type Replaying } from './onTop';
import type { CardRecord, OutboxItem } from './tables';

type Conflict = SyncAnswer['conflicts'][number];

/** What is left to do after an answer. */
export interface Folded {
  /** Another request is needed: more changes wait, or everything has to be fetched anew. */
  more: boolean;
  /** The server's sum over all cards was not ours: everything is being fetched anew. */
  diverged: boolean;
}

interface Folding {
  tx: Tx;
  device: Device;
  how: Replaying;
  /** What the server has not named yet, by card, note or deck. */
  waiting: ReadonlyMap<string, readonly OutboxItem[]>;
}

/**
 * Takes an answer in. Only what it names as acked or refused leaves the outbox; the server's rows come in with everything that is
 * still unsent on top. `now` is the device's clock when the answer arrived, `offset` what it is ahead of the server's.
 */
export async function absorb(tx: Tx, answer: SyncAnswer, how: Replaying, now: number, offset: number): Promise<Folded> {
  const device = await Device.in(tx);
  const settled = (await Promise.all(answer.acked.map((id) => settle(tx, id)))).flat();
  const refused: OutboxItem[] = [];
  for (const { id, problem } of answer.refused) refused.push(...(await refuse(tx, id, problem, now)));
  const waiting = byAbout(await tx.rows('outbox'));
  const folding: Folding = { tx, device, how, waiting };
  for (const item of refused) await takeBack(folding, item);
  for (const { id, day } of answer.corrected) await correctDay(tx, id, day);
  await takeRows(folding, answer);
  await takeExams(tx, answer.changes, device.state.generation, (id) => editsOf(waiting.get(id)));
  for (const { entity, id } of answer.changes.tombstones) {
    const note = entity === 'card' ? (await tx.get('cards', id))?.note_id : undefined;
    if (!isBroughtBack(waiting.get(note ?? id))) await removeRow(tx, device, entity, id);
  }
  for (const conflict of answer.conflicts) {
    if (!isOwnStep(conflict, settled)) await putConflict(folding, conflict);
  }
  await putDone(tx, answer.today);
  Object.assign(device.state, { cursor: answer.cursor, clock_offset_ms: offset });
  const folded = answer.more ? { more: true, diverged: false } : await compare(folding, answer.digest, now);
  await device.save();
  return folded;
}

function byAbout(items: readonly OutboxItem[]): Map<string, OutboxItem[]> {
  const groups = new Map<string, OutboxItem[]>();
  for (const item of items) groups.set(item.about, [...(groups.get(item.about) ?? []), item]);
  return groups;
}

async function settle(tx: Tx, id: string): Promise<OutboxItem[]> {
  const items = await tx.rows('outbox', { index: 'id', range: { from: id, to: id } });
  for (const item of items) await tx.delete('outbox', item.n);
  return items;
}

async function refuse(tx: Tx, id: string, problem: Problem, at: number): Promise<OutboxItem[]> {
  const items = await settle(tx, id);
  for (const { event, edit } of items) {
    const body = event ?? edit;
    if (body) await tx.put('refused', { id, problem, body, at });
  }
  return items;
}

function editsOf(items: readonly OutboxItem[] = []): EditIn[] {
  return items.flatMap(({ edit }) => edit ?? []);
}

function eventsOf(items: readonly OutboxItem[] = []): EventIn[] {
  return items.flatMap(({ event }) => event ?? []);
}

/** Unsent work on something that was deleted elsewhere brings it back: edits win over deletions. */
function isBroughtBack(items: readonly OutboxItem[] | undefined): boolean {
  return editsOf(items).some(({ op }) => op !== 'delete');
}

/** Undoes what a refused item did here; rows that come with the same answer replace this. */
async function takeBack({ tx, device, how, waiting }: Folding, item: OutboxItem): Promise<void> {
  if (item.edit) return takeBackEdit(tx, device, item, editsOf(waiting.get(item.about)));
  const entry = await tx.get('journal', item.id);
  const card = await tx.get('cards', item.about);
  if (!entry) return;
  const target = entry.event.kind === 'undo' ? await tx.get('journal', String(entry.event.data.event)) : entry;
  const state = target && (await mark(tx, target, target === entry, how));
  await tx.delete('journal', entry.id);
  if (card && state) await device.putCard(card, { ...card, ...state });
}

/** Whether the value that gave way is the one that the learner was looking at when they changed it: then nobody else is involved. */
function isOwnStep({ entity_id, field, other }: Conflict, settled: readonly OutboxItem[]): boolean {
  return settled.some(({ edit, before }) => {
    if (!edit || !before || edit.entity_id !== entity_id) return false;
    return JSON.stringify(partOf(before, field)) === JSON.stringify(other);
  });
}

/** What stood in a part of a row; a mark of an exam is named with what it marks. */
function partOf(row: NonNullable<OutboxItem['before']>, field: string): unknown {
  const inner = 'fields' in row ? row.fields : 'options' in row ? row.options : {};
  const [list = '', key = ''] = field.split(/\.(.*)/);
  if ('minutes' in row && (list === 'cards' || list === 'sections')) return row[list][key] ?? null;
  return ({ ...row, ...inner } as Record<string, unknown>)[field];
}

/** What the server kept stands; the other version is noted, so that the learner can see both. */
async function putConflict({ tx, device, waiting }: Folding, conflict: Conflict): Promise<void> {
  const { entity_id, field, kept, other } = conflict;
  if (await putExamConflict(tx, conflict, waiting.has(entity_id))) return;
  const note = await tx.get('notes', entity_id);
  const deck = note ? undefined : await tx.get('decks', entity_id);
  if (waiting.has(entity_id)) return;
  const alive = field === 'deleted' ? { deleted: false } : {};
  if (deck) await tx.put('decks', { ...deck, ...alive });
  if (!note) return;
  const noted = { ...(note.conflict as object | undefined), [field]: { kept, other } };
  const isText = typeof kept === 'string' && field !== 'deck_id' && field !== 'deleted';
  const fields = isText ? { ...note.fields, [field]: kept } : note.fields;
  await putNote(tx, device, { ...note, ...alive, fields, conflict: noted });
}

async function correctDay(tx: Tx, id: string, day: number): Promise<void> {
  const entry = await tx.get('journal', id);
  if (entry) await tx.put('journal', { ...entry, day, event: { ...entry.event, day } });
}

/** An answer names each row once, so all are asked for and written side by side: an answer given meanwhile waits for less. */
async function takeRows(folding: Folding, { changes }: SyncAnswer): Promise<void> {
  const { tx, device, waiting } = folding;
  const { generation } = device.state;
  if (changes.learner) await putLearner(tx, changes.learner);
  await Promise.all(changes.parameters.map((row) => tx.put('parameters', row)));
  await Promise.all(
    changes.decks.map((row) => tx.put('decks', editsOf(waiting.get(row.id)).reduce(deckAfter, { ...row, generation }))),
  );
  await Promise.all(changes.notes.map((row) => takeNote(folding, row)));
  await Promise.all(changes.cards.map((row) => takeCard(folding, row)));
}

async function takeNote({ tx, device, waiting }: Folding, row: NoteRow): Promise<void> {
  const known = await tx.get('notes', row.id);
  const conflict = known?.conflict;
  // A note that was sent again (renew.ts) has lost its place in the text on the server, not here.
  const source = row.source ?? known?.source ?? null;
  const kept = { ...row, generation: device.state.generation, source, ...(conflict !== undefined && { conflict }) };
  await tx.put('notes', withShows(editsOf(waiting.get(row.id)).reduce(noteAfter, kept)));
}

async function takeCard({ tx, device, how, waiting }: Folding, row: CardRow): Promise<void> {
  const known = await tx.get('cards', row.id);
  if (known && known.seq > row.seq) return;
  const pending = eventsOf(waiting.get(row.id));
  const undoes = pending.some(({ kind }) => kind === 'undo');
  const laid = onTop(row, pending, undoes ? await entriesOf(tx, row.id) : [], how);
  const note = waiting.has(row.note_id) ? await tx.get('notes', row.note_id) : undefined;
  await device.putCard(known, { ...laid, generation: device.state.generation, ...placed(row, note) });
}

/** Where an unsent edit of the note has put the card. */
function placed(row: CardRow, note: { deck_id: string; deleted?: boolean } | undefined): Partial<CardRecord> {
  return { deck_id: note?.deck_id ?? row.deck_id, ...(note?.deleted && { deleted: true }) };
}

/** At the end of a fetch: sweeps after a full one, and compares the sums when nothing is unsent. */
async function compare({ tx, device, waiting }: Folding, digest: string | null, now: number): Promise<Folded> {
  const { state } = device;
  if (state.refetching) {
    await sweep(tx, device, waiting);
    state.refetching = false;
  }
  const ours = digestText(state.digest);
  if (digest === null || waiting.size > 0 || digest === ours || state.refetched_for === digest) {
    state.synced_at = now;
    return { more: false, diverged: false };
  }
  // Once for each sum of the server: if a full fetch does not help, another would not either.
  startOver(device, digest);
  return { more: true, diverged: true };
}

const SWEPT_AT_ONCE = 1000;

/** Removes the rows that a full fetch did not bring and that are not unsent themselves; counts the sum anew. */
async function sweep(tx: Tx, device: Device, waiting: ReadonlyMap<string, unknown>): Promise<void> {
  const { generation } = device.state;
  const stale = (row: { id: string; generation?: number }) => row.generation !== generation && !waiting.has(row.id);
  for (const table of ['decks', 'notes'] as const) {
    for (const row of (await tx.rows(table)).filter(stale)) await tx.delete(table, row.id);
  }
  await sweepExams(tx, stale);
  let sum = EMPTY_DIGEST;
  let after = '';
  for (;;) {
    const cards = await tx.rows('cards', { range: { from: after, fromOpen: true }, limit: SWEPT_AT_ONCE });
    for (const card of cards) {
      if (stale(card) && !waiting.has(card.note_id)) await tx.delete('cards', card.id);
      else sum = plus(sum, cardDigest(card));
    }
    const last = cards.at(-1);
    if (!last) break;
    after = last.id;
  }
  device.state.digest = sum;
}

/** Whether an answer can have changed what views show. */
export function hasChanges({ changes, refused }: SyncAnswer): boolean {
  const { learner, ...lists } = changes;
  return learner !== null || refused.length > 0 || Object.values(lists).some((list) => list.length > 0);
}

/** The notes and cards that an answer changed; undefined where it may have changed more than it names. */
export function changedIds({ changes, refused, conflicts }: SyncAnswer): string[] | undefined {
  if (refused.length > 0 || conflicts.length > 0 || changes.tombstones.some(({ entity }) => entity === 'deck'))
    return undefined;
  return [...changes.notes, ...changes.cards, ...changes.tombstones].map(({ id }) => id);
}

/** An answer that refuses these items and says nothing else. */
export function refusal(ids: readonly string[], problem: Problem, cursor: number): SyncAnswer {
  const refused = ids.map((id) => ({ id, problem }));
  const changes = { learner: null, parameters: [], decks: [], notes: [], cards: [], tombstones: [] };
  const rest = { acked: [], corrected: [], conflicts: [], server_time: 0, digest: null };
  return { cursor, more: true, refused, changes, ...rest };
}
