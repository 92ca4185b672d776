import { expect, test } from 'vitest';
import { changesOf, withChanges } from '../src/store/edits';
import type { DeckOptions } from '../src/wire';
import { Clock, openPhone } from './device';

test('only what changes is said, and what is taken off is said as null', () => {
  const before = { new_per_day: 7, desired_retention: 0.8, mix: 'mix' } as const;
  const changes = changesOf(before, { new_per_day: 9, mix: 'mix', voice: 'zh-HK' });
  expect(changes).toEqual({ new_per_day: 9, desired_retention: null, voice: 'zh-HK' });
  expect(withChanges(before, changes)).toEqual({ new_per_day: 9, mix: 'mix', voice: 'zh-HK' });
});

test('an option that was taken off is gone on this phone, and the server is told so', async () => {
  const store = await openPhone('memory', new Clock(), 5);
  const id = await store.edit({ entity: 'deck', op: 'create', fields: { name: '礼仪' } });
  const change = (whole: DeckOptions) => async () => {
    const deck = await store.deck(id);
    const options = changesOf(deck?.options ?? {}, whole);
    await store.edit({ entity: 'deck', op: 'update', entity_id: id, fields: { options } });
  };
  await change({ desired_retention: 0.8, read_aloud: 'question' })();
  await change({ read_aloud: 'question' })();
  expect((await store.deck(id))?.options).toEqual({ read_aloud: 'question' });
  const { items } = await store.outbox(10);
  expect(items.at(-1)?.edit?.fields).toEqual({ options: { desired_retention: null } });
});
