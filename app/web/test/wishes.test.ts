import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalStore } from '../src/store/local';
import { Clock, type Engines, openPhone } from './device';

describe.each<Engines>(['indexed', 'memory'])("a learner's wishes over %s", (kind) => {
  let store: LocalStore;

  beforeEach(async () => {
    store = await openPhone(kind, new Clock());
  });

  afterEach(() => store.close());

  test('settings change at once and wait for the server', async () => {
    const saved = store.changeLearner({ rollover_hour: 2, settings: { theme: 'dark' } });
    expect(store.learner()).toMatchObject({ rollover_hour: 2, settings: { theme: 'dark' } });
    await saved;
    await store.changeLearner({ settings: { haptics: false } });
    expect(store.unsentPatch()).toEqual({ rollover_hour: 2, settings: { theme: 'dark', haptics: false } });
  });

  test('a setting changed while the device is being read stays on the screen', async () => {
    const reading = (store as unknown as { reload: () => Promise<void> }).reload();
    const saved = store.changeLearner({ language: 'en', settings: { theme: 'dark' } });
    await reading;
    expect(store.learner()).toMatchObject({ language: 'en', settings: { theme: 'dark' } });
    await saved;
    await store.changeLearner({ settings: { haptics: false } });
    expect(store.unsentPatch()).toEqual({ language: 'en', settings: { theme: 'dark', haptics: false } });
  });

  test('wishes of another tab, not heard of yet, stay when this one changes a setting or settles its own', async () => {
    const other = { name: 'patch', value: { language: 'en' } };
    await store.engine.run('readwrite', ['meta'], (tx) => tx.put('meta', other));
    await store.changeLearner({ rollover_hour: 2 });
    await store.settlePatch({ rollover_hour: 2 }, null);
    expect(store.unsentPatch()).toEqual({ language: 'en' });
  });
});
