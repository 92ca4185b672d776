import { expect, test } from 'vitest';
import { withChanges } from '../src/store/edits';
import { Clock, openPhone } from './device';

test('an edit changes the options that it names; null takes one off', () => {
  const changes = { new_per_day: 9, desired_retention: null, voice: 'zh-HK' } as const;
  const after = withChanges({ new_per_day: 7, desired_retention: 0.8, mix: 'mix' }, changes);
  expect(after).toEqual({ new_per_day: 9, mix: 'mix', voice: 'zh-HK' });
});

test('an option that was taken off is gone on this phone, and the server is told so', async () => {
  const store = await openPhone('memory', new Clock(), 5);
  const id = await store.edit({ entity: 'deck', op: 'create', fields: { name: '礼仪' } });
  for (const options of [{ desired_retention: 0.8, read_aloud: 'question' }, { desired_retention: null }] as const) {
    await store.edit({ entity: 'deck', op: 'update', entity_id: id, fields: { options } });
  }
  expect((await store.deck(id))?.options).toEqual({ read_aloud: 'question' });
  const { items } = await store.outbox(10);
  expect(items.at(-1)?.edit?.fields).toEqual({ options: { desired_retention: null } });
});
