import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../src/store/engine';
import { StorageError } from '../src/store/errors';
import { openIndexed } from '../src/store/indexed';
import { openMemory } from '../src/store/memory';
import { openStore } from '../src/store/open';
import type { OutboxItem } from '../src/store/tables';
import { chanceOf } from './device';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => vi.restoreAllMocks());

function item(n: number): OutboxItem {
  return { n, id: `id${n}`, about: `about${n % 3}`, event: null, edit: null, before: null };
}

function all(engine: Engine): Promise<OutboxItem[]> {
  return engine.run('readonly', ['outbox'], (tx) => tx.rows('outbox'));
}

describe.each([
  ['indexed', () => openIndexed('engine')],
  ['memory', async () => openMemory()],
] as const)('the engine %s', (_name, open) => {
  test('reads by key and by index, within bounds, from both ends', async () => {
    const engine = await open();
    await engine.run('readwrite', ['outbox'], async (tx) => {
      for (const n of [5, 1, 4, 2, 3]) await tx.put('outbox', item(n));
    });
    const read = await engine.run('readonly', ['outbox'], async (tx) => ({
      all: await tx.rows('outbox'),
      some: await tx.rows('outbox', { range: { from: 2, to: 4, fromOpen: true } }),
      about: await tx.rows('outbox', { index: 'about', range: { from: ['about1', 0], to: ['about1', 9] } }),
      last: await tx.rows('outbox', { backwards: true, limit: 2 }),
      count: await tx.count('outbox', { range: { to: 4, toOpen: true } }),
      one: await tx.get('outbox', 3),
      none: await tx.get('outbox', 9),
    }));
    const ns = (rows: OutboxItem[]) => rows.map(({ n }) => n);
    expect([ns(read.all), ns(read.some), ns(read.about), ns(read.last)]).toEqual([
      [1, 2, 3, 4, 5],
      [3, 4],
      [1, 4],
      [5, 4],
    ]);
    expect([read.count, read.one, read.none]).toEqual([3, item(3), undefined]);
  });

  test('rows without the keys of an index are not in it', async () => {
    const engine = await open();
    const card = { note_id: 'n', deck_id: 'd', ordinal: 0, position: 0, version: 1, seq: 1 };
    const state = { phase: 0, step: null, stability: null, difficulty: null, due_day: null, due_at: null } as const;
    const rest = { last_day: null, last_at: null, reps: 0, lapses: 0, suspended: false, buried_until: null, flag: 0 };
    await engine.run('readwrite', ['cards'], async (tx) => {
      await tx.put('cards', { id: 'b', ...card, ...state, ...rest, new_at: 7 });
      await tx.put('cards', { id: 'a', ...card, ...state, ...rest, review_on: 7 });
    });
    const found = await engine.run('readonly', ['cards'], (tx) => tx.ids('cards', { index: 'fresh' }));
    expect(found).toEqual(['b']);
  });

  test('a body that fails leaves nothing behind and its error comes out', async () => {
    const engine = await open();
    await engine.run('readwrite', ['outbox'], (tx) => tx.put('outbox', item(1)));
    const failing = engine.run('readwrite', ['outbox', 'meta'], async (tx) => {
      await tx.put('outbox', item(2));
      await tx.delete('outbox', 1);
      await tx.put('meta', { name: 'x', value: 1 });
      throw new RangeError('mine');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await all(engine)).toEqual([item(1)]);
  });

  test('writes that overlap follow each other', async () => {
    const engine = await open();
    const raise = () =>
      engine.run('readwrite', ['meta'], async (tx) => {
        const value = Number((await tx.get('meta', 'n'))?.value ?? 0);
        await tx.put('meta', { name: 'n', value: value + 1 });
      });
    await Promise.all(Array.from({ length: 20 }, raise));
    expect(await engine.run('readonly', ['meta'], (tx) => tx.get('meta', 'n'))).toEqual({ name: 'n', value: 20 });
  });

  test('a row that was read is not the row that is kept', async () => {
    const engine = await open();
    const row = item(1);
    await engine.run('readwrite', ['outbox'], (tx) => tx.put('outbox', row));
    row.about = 'changed';
    const [read] = await all(engine);
    if (read) read.about = 'changed too';
    expect(await all(engine)).toEqual([item(1)]);
  });
});

test('both engines answer random questions alike', async () => {
  const chance = chanceOf(3);
  const engines = [await openIndexed('alike'), openMemory()];
  for (let step = 0; step < 150; step += 1) {
    const n = Math.floor(chance() * 30);
    const [from, to] = [Math.floor(chance() * 30), Math.floor(chance() * 30)].sort((a, b) => a - b) as [number, number];
    const limit = 1 + Math.floor(chance() * 5);
    const isRemoval = chance() < 0.3;
    const answers = engines.map((engine) =>
      engine.run('readwrite', ['outbox'], async (tx) => {
        if (isRemoval) await tx.delete('outbox', n);
        else await tx.put('outbox', item(n));
        const about = { index: 'about', range: { from: ['about1', from], to: ['about2', to] } } as const;
        return [
          await tx.rows('outbox', { range: { from, to }, limit, backwards: n % 2 === 0 }),
          await tx.count('outbox', about),
        ];
      }),
    );
    const [first, second] = await Promise.all(answers);
    expect(first).toEqual(second);
  }
});

describe('a browser in trouble', () => {
  function failOnce(name: string): void {
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('Connection to Indexed Database server lost', name);
    });
  }

  test.each(['UnknownError', 'InvalidStateError'])(
    'a lost connection (%s) is opened again and the write repeated',
    async (name) => {
      const engine = await openIndexed('lost');
      failOnce(name);
      await engine.run('readwrite', ['outbox'], (tx) => tx.put('outbox', item(1)));
      expect(await all(engine)).toEqual([item(1)]);
    },
  );

  test('a connection that stays lost says so, and later writes work', async () => {
    const engine = await openIndexed('lost');
    failOnce('UnknownError');
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('newer', 'VersionError');
    });
    const write = () => engine.run('readwrite', ['outbox'], (tx) => tx.put('outbox', item(1)));
    await expect(write()).rejects.toMatchObject({ trouble: 'lost' });
    open.mockRestore();
    await write();
    expect(await all(engine)).toEqual([item(1)]);
  });

  test('a full disk is told from other trouble and leaves nothing half-written', async () => {
    const engine = await openIndexed('full');
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, row: unknown) {
      if ((row as OutboxItem).n === 2) throw new DOMException('no room', 'QuotaExceededError');
      return put.call(this, row);
    });
    const writing = engine.run('readwrite', ['outbox'], async (tx) => {
      await tx.put('outbox', item(1));
      await tx.put('outbox', item(2));
    });
    await expect(writing).rejects.toThrow(StorageError);
    await expect(writing).rejects.toMatchObject({ trouble: 'full' });
    expect(await all(engine)).toEqual([]);
  });

  test('where storage is forbidden the app works from memory and knows it', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const store = await openStore({ channel: null });
    expect(store.persistence).toBe('memory');
    await store.edit({ entity: 'deck', op: 'create', fields: { name: 'x' } });
    expect(await store.decks()).toHaveLength(1);
  });
});
