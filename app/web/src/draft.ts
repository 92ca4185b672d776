/** What is being written and not saved yet: one draft for the new note, one for each note that is edited. */
import { changesOf } from './note_changes';
import type { NoteKind, NoteRow } from './wire';

export interface Draft {
  /** Of an edited note only those that the learner changed. */
  fields: Record<string, string>;
  tags?: string[];
  /** Of a new note. */
  deck?: string;
  kind?: NoteKind;
  /** Of an edited note: what stood in the changed fields when the learner began. */
  before?: Record<string, string>;
}

type Fields = Record<string, string>;
type Edited = Pick<NoteRow, 'fields' | 'tags'>;

/** The draft of a new note; null while nothing is written. */
export function newDraft(deck: string, kind: NoteKind, fields: Fields, tags: string[]): Draft | null {
  const isEmpty = Object.values(fields).every((text) => text.trim() === '');
  return isEmpty ? null : { deck, kind, fields, tags };
}

/** The draft of a note that is edited; null while it stands as it is. */
export function editDraft(note: Edited, fields: Fields, tags: string[]): Draft | null {
  const changes = changesOf(note, fields, tags);
  if (!changes) return null;
  const before = Object.keys(changes.fields ?? {}).map((name) => [name, note.fields[name] ?? ''] as const);
  return { fields: {}, ...changes, before: Object.fromEntries(before) };
}

export interface TakenUp {
  fields: Fields;
  tags: string[];
  /** The note says something else there by now. */
  overtaken: boolean;
}

/** The edited note with its draft on top; null when that changes nothing. What the learner did not touch is as new as the note. */
export function takenUp(note: Edited, draft: Draft | null): TakenUp | null {
  if (!draft) return null;
  const fields = { ...note.fields, ...draft.fields };
  const tags = draft.tags ?? note.tags;
  if (!changesOf(note, fields, tags)) return null;
  const overtaken = Object.entries(draft.before ?? {}).some(([name, text]) => (note.fields[name] ?? '') !== text);
  return { fields, tags, overtaken };
}

/** The fields of a draft together with what another app gave for a new note; nothing of either is lost, nothing comes twice. */
export function together(drafted: Fields, given: Fields): Fields {
  const both = { ...drafted };
  for (const [name, text] of Object.entries(given)) {
    const typed = both[name] ?? '';
    if (!typed.includes(text)) both[name] = typed ? `${typed}\n${text}` : text;
  }
  return both;
}

const AFTER_TYPING_MS = 300;

/** Keeps a draft on the device: soon after a change, at once when the page is left. It only helps, so a failure is nobody's trouble. */
export class Keeper {
  private waiting: { draft: Draft | null } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly remember: (draft: Draft | null) => Promise<void>) {}

  keep(draft: Draft | null): void {
    this.waiting = { draft };
    this.timer ??= setTimeout(() => this.flush(), AFTER_TYPING_MS);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting) this.remember(this.waiting.draft).catch(() => undefined);
    this.waiting = null;
  }

  forget(): void {
    this.keep(null);
    this.flush();
  }
}
