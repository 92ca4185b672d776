import { expect, test } from 'vitest';
import { changesOf } from '../src/note_changes';
import type { NoteRow } from '../src/wire';

const note = { fields: { front: 'f', back: 'b', note: 'n' }, tags: ['a', 'b'] } as unknown as NoteRow;

test('an edit sends what was changed and nothing else', () => {
  const { fields, tags } = note;
  expect(changesOf(note, { ...fields, back: 'c' }, tags)).toEqual({ fields: { back: 'c' } });
  expect(changesOf(note, { front: 'f', back: 'b' }, tags)).toEqual({ fields: { note: '' } });
  expect(changesOf(note, { ...fields, hint: 'h' }, tags)).toEqual({ fields: { hint: 'h' } });
  expect(changesOf(note, fields, ['b'])).toEqual({ tags: ['b'] });
});

test('a form that was saved as it stood sends nothing: the server refuses an empty edit', () => {
  expect(changesOf(note, { ...note.fields, hint: '' }, [...note.tags])).toBeNull();
});
