// What is done to many cards or notes at once, and the way back. Each gives how many it changed and what takes it back.
import { faces } from '../notes';
import type { EditDraft, PreparedEvent } from '../store';
import type { Data, Kind, NoteRow } from '../wire';
import { store } from './device';

export interface Done {
  count: number;
  undo: () => Promise<void>;
}

/** Hears how far it is. */
export type Progress = (done: number, all: number) => void;

export async function actOn(cardIds: readonly string[], kind: Kind, data: Data, progress: Progress): Promise<Done> {
  const cards = await (await store().catalogue()).cards(cardIds);
  const wanted = cards.filter((card) => {
    if (kind === 'suspend') return !card.suspended;
    if (kind === 'unsuspend') return card.suspended;
    if (kind === 'reset') return card.phase !== 0;
    return kind !== 'flag' || card.flag !== data.flag;
  });
  const events = wanted.map(({ id }) => store().prepare({ card_id: id, kind, data }));
  await record(events, progress);
  const undo = () =>
    record(
      events.map(({ id, card_id }) => store().prepare({ card_id, kind: 'undo', data: { event: id } })),
      () => {},
    );
  return { count: events.length, undo };
}

function record(events: readonly PreparedEvent[], progress: Progress): Promise<void> {
  return store().recordAll(events, (done) => progress(done, events.length));
}

async function edit(there: readonly EditDraft[], back: readonly EditDraft[], progress: Progress): Promise<Done> {
  await store().editAll(there, (done) => progress(done, there.length));
  return { count: there.length, undo: () => store().editAll(back) };
}

async function notesOf(noteIds: readonly string[]): Promise<NoteRow[]> {
  return (await store().catalogue()).notes(noteIds);
}

type NoteChange = Extract<EditDraft, { entity: 'note'; op: 'update' }>['fields'];

function change(note: NoteRow, fields: NoteChange): EditDraft {
  return { entity: 'note', op: 'update', entity_id: note.id, fields };
}

export async function move(noteIds: readonly string[], deckId: string, progress: Progress): Promise<Done> {
  const notes = (await notesOf(noteIds)).filter((note) => note.deck_id !== deckId);
  const there = notes.map((note) => change(note, { deck_id: deckId }));
  const back = notes.map((note) => change(note, { deck_id: note.deck_id }));
  return edit(there, back, progress);
}

export async function retag(
  noteIds: readonly string[],
  add: readonly string[],
  remove: readonly string[],
  progress: Progress,
): Promise<Done> {
  const changed = (await notesOf(noteIds)).flatMap((note) => {
    const kept = note.tags.filter((tag) => !remove.includes(tag));
    const tags = [...new Set([...kept, ...add])];
    return tags.join('\n') === note.tags.join('\n') ? [] : [{ note, tags }];
  });
  const there = changed.map(({ note, tags }) => change(note, { tags }));
  const back = changed.map(({ note }) => change(note, { tags: note.tags }));
  return edit(there, back, progress);
}

/** Tags that any of these notes has. */
export async function tagsOf(noteIds: readonly string[]): Promise<string[]> {
  const tags = (await notesOf(noteIds)).flatMap((note) => note.tags);
  return [...new Set(tags)].sort();
}

export function remove(noteIds: readonly string[], progress: Progress): Promise<Done> {
  const drafts = (op: 'delete' | 'restore') =>
    noteIds.map((entity_id): EditDraft => ({ entity: 'note', op, entity_id }));
  return edit(drafts('delete'), drafts('restore'), progress);
}

// --- find and replace --------------------------------------------------------------------------------------------

export interface Replacement {
  note: NoteRow;
  /** Only the fields that change. */
  fields: Record<string, string>;
}

export interface Replacing {
  find: string;
  put: string;
  caseCounts: boolean;
}

/** What would change, note by note; notes that would no longer make cards are left out and counted. */
export async function replacements(noteIds: readonly string[], how: Replacing) {
  const changed: Replacement[] = [];
  let broken = 0;
  if (how.find === '') return { changed, broken };
  for (const note of await notesOf(noteIds)) {
    const fields = changedBy(note.fields, how);
    if (Object.keys(fields).length === 0) continue;
    if (makesCards(note, { ...note.fields, ...fields })) changed.push({ note, fields });
    else broken += 1;
  }
  return { changed, broken };
}

function changedBy(fields: Readonly<Record<string, string>>, { find, put, caseCounts }: Replacing) {
  const literal = find.normalize('NFC').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(literal, caseCounts ? 'gu' : 'giu');
  const changed: Record<string, string> = {};
  for (const [name, text] of Object.entries(fields)) {
    const after = text.replace(pattern, () => put).normalize('NFC');
    if (after !== text) changed[name] = after;
  }
  return changed;
}

function makesCards(note: NoteRow, fields: Record<string, string>): boolean {
  if (note.kind === 'anki') return true;
  try {
    return faces(note.kind, fields).length > 0;
  } catch {
    return false;
  }
}

export function replace(changes: readonly Replacement[], progress: Progress): Promise<Done> {
  const there = changes.map(({ note, fields }) => change(note, { fields }));
  const back = changes.map(({ note, fields }) => {
    const before = Object.keys(fields).map((name): [string, string] => [name, note.fields[name] ?? '']);
    return change(note, { fields: Object.fromEntries(before) });
  });
  return edit(there, back, progress);
}
