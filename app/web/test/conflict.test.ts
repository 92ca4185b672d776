import { expect, test } from 'vitest';
import { otherVersions } from '../src/conflict';
import type { SyncAnswer } from '../src/wire';
import { Clock, openPhone } from './device';

test('an edit that gave way is shown beside what stands, until the learner has decided', async () => {
  const store = await openPhone('memory', new Clock());
  const deck = await store.edit({ entity: 'deck', op: 'create', fields: { name: 'd' } });
  const made = { deck_id: deck, kind: 'basic' as const, fields: { front: 'f', back: 'v0' }, tags: [] };
  const id = await store.edit({ entity: 'note', op: 'create', fields: made });
  const say = (back: string) =>
    store.edit({ entity: 'note', op: 'update', entity_id: id, fields: { fields: { back } } });
  await say('mine');
  const { items } = await store.outbox(10);
  const note = await store.note(id);
  const changes: SyncAnswer['changes'] = {
    ...{ learner: null, parameters: [], decks: [], cards: [], tombstones: [] },
    notes: note ? [{ ...note, fields: { front: 'f', back: 'theirs' }, version: 2, seq: 9 }] : [],
  };
  const rest = { cursor: 9, more: true, refused: [], corrected: [], server_time: 0, digest: null, changes };
  const conflicts = [{ entity_id: id, field: 'back', kept: 'theirs', other: 'mine' }];
  await store.absorb({ ...rest, acked: items.map((item) => item.id), conflicts }, 0);
  const met = await store.note(id);
  expect(met?.fields.back).toBe('theirs');
  expect(met && otherVersions(met)).toEqual([{ field: 'back', kept: 'theirs', other: 'mine' }]);
  await say('mine');
  const settled = await store.note(id);
  expect(settled && otherVersions(settled)).toEqual([]);
});

test.each([
  null,
  undefined,
  [],
  'x',
  { deleted: { kept: false, other: true } },
  { deck_id: { kept: 'a', other: 'b' } },
])('no words to choose from in %j', (conflict) => {
  expect(otherVersions(conflict === undefined ? {} : { conflict })).toEqual([]);
});
