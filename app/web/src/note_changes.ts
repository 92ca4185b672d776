/** What a form changed in a note. */
import type { NoteRow } from './wire';

export interface NoteChanges {
  fields?: Record<string, string>;
  tags?: string[];
}

/**
 * Only what was changed, so that an edit of something else on another device stands; emptied fields are sent as empty. Null where
 * there is nothing to send.
 */
export function changesOf(
  note: Pick<NoteRow, 'fields' | 'tags'>,
  fields: Record<string, string>,
  tags: readonly string[],
): NoteChanges | null {
  const names = new Set([...Object.keys(note.fields), ...Object.keys(fields)]);
  const changed = [...names].filter((name) => (note.fields[name] ?? '') !== (fields[name] ?? ''));
  const changes: NoteChanges = {};
  if (changed.length > 0) changes.fields = Object.fromEntries(changed.map((name) => [name, fields[name] ?? '']));
  if (tags.join(' ') !== note.tags.join(' ')) changes.tags = [...tags];
  return Object.keys(changes).length > 0 ? changes : null;
}
