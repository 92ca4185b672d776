import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Fetching, keepUp, MEDIA_STATE } from '../src/media';
import { fitted } from '../src/picture';
import { sha256 } from '../src/sha256';
import { StorageError } from '../src/store/errors';
import type { LocalStore } from '../src/store/local';
import { hashesOf, keepMedia, mediaHere, withShows } from '../src/store/media';
import { handOver } from '../src/store/owner';
import { ALL_TABLES } from '../src/store/tables';
import { startSync } from '../src/sync';
import { Clock, openPhone, worldOf } from './device';
import { LEARNER, Service } from './service';

const SIZE = 100;
const file = (seed: number) => new Uint8Array(SIZE).fill(seed);
const hashOf = (seed: number) => sha256(file(seed));
const shown = (seed: number) => `![](media/${hashOf(seed)})`;

test('the hash is the one that the server counts', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 1000, 70_001]) {
    const bytes = Uint8Array.from({ length }, (_, place) => (place * 31 + length) % 256);
    expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});

test('a picture is made smaller, never larger, and keeps its shape', () => {
  expect(fitted(4000, 3000)).toEqual([1600, 1200]);
  expect(fitted(300, 6400)).toEqual([75, 1600]);
  expect(fitted(10, 10)).toEqual([10, 10]);
  expect(fitted(20_000, 1)).toEqual([1600, 1]);
});

test('a note tells which files it shows, in text, in markup and by name', () => {
  const fields = { front: `a ${shown(1)}`, back: `<img src="media/${hashOf(2)}"> media/${hashOf(3)}f` };
  expect(hashesOf({ fields, media: { 'a.png': hashOf(4) } })).toEqual([hashOf(4), hashOf(1), hashOf(2)]);
});

/** A phone that has synced once, the server's files, and the order of what it is asked. */
async function online() {
  const clock = new Clock();
  const store = await openPhone('indexed', clock);
  const service = new Service(clock.now);
  const world = worldOf(service, clock);
  const seen: string[] = [];
  const server = { seen, mediaStatus: 201 };
  const sync = startSync(store, {
    ...world,
    async fetch(path, init) {
      seen.push(path);
      if (path !== '/api/media') return world.fetch(path, init);
      const body = JSON.stringify({ title: 'no' });
      return new Response(body, { status: server.mediaStatus, headers: { 'Content-Type': 'application/json' } });
    },
  });
  await sync.run();
  seen.length = 0;
  const deck = await store.edit({ entity: 'deck', op: 'create', fields: { name: '图' } });
  await sync.run();
  seen.length = 0;
  const write = (front: string) =>
    store.edit({
      entity: 'note',
      op: 'create',
      fields: { deck_id: deck, kind: 'basic', fields: { front, back: 'b' }, tags: [] },
    });
  return { store, sync, server, write, clock };
}

const keep = (store: LocalStore, seed: number, sent = false) =>
  keepMedia(store.engine, { hash: hashOf(seed), type: 'image/webp', bytes: file(seed).buffer, sent, at: store.now() });

describe('pictures of one’s own', () => {
  test('go before the edit that shows them, once, and only those that are shown', async () => {
    const { store, sync, server, write } = await online();
    await keep(store, 1);
    await keep(store, 2);
    await write(shown(1));
    await sync.run();
    expect(server.seen).toEqual(['/api/media', '/api/sync']);
    await write(`${shown(1)} again`);
    await sync.run();
    expect(server.seen).toEqual(['/api/media', '/api/sync', '/api/sync']);
    expect(await store.unsent()).toBe(0);
  });

  test('hold the edit back until they are there', async () => {
    const { store, sync, server, write } = await online();
    await keep(store, 1);
    await write(shown(1));
    server.mediaStatus = 503;
    expect((await sync.run()).phase).toBe('waiting');
    expect([server.seen, await store.unsent()]).toEqual([['/api/media'], 1]);
    server.mediaStatus = 201;
    expect((await sync.run()).phase).toBe('idle');
    expect(await store.unsent()).toBe(0);
  });

  test('that the server refuses do not hold back the words, and are not asked for again', async () => {
    const { store, sync, server, write } = await online();
    await keep(store, 1);
    server.mediaStatus = 422;
    await write(shown(1));
    await sync.run();
    await write(`${shown(1)} again`);
    await sync.run();
    expect(server.seen).toEqual(['/api/media', '/api/sync', '/api/sync']);
    const [kept] = await store.engine.run('readonly', ['media'], (tx) => tx.rows('media'));
    expect(kept).toMatchObject({ sent: false, problem: { title: 'no' } });
  });

  test('stay unsent for a new owner while edits show them; the others’ pictures are gone', async () => {
    const { store, sync, write } = await online();
    for (const seed of [1, 2]) await keep(store, seed);
    await write(`${shown(1)}${shown(2)}`);
    await sync.run();
    await write(`again ${shown(1)}`);
    await store.adopt({ ...LEARNER, id: LEARNER.id.replace('aaaa', 'bbbb') });
    const rows = await store.engine.run('readonly', ['media'], (tx) => tx.rows('media'));
    expect(rows.map(({ hash, sent }) => [hash, sent])).toEqual([[hashOf(1), false]]);
    expect(await mediaHere(store.engine, hashOf(2))).toBeNull();
  });
});

test.each([
  { moved: [], kept: [hashOf(1)] },
  { moved: null, kept: [] },
])('pictures of what is not sent go with it to an account, or go away with it', async ({ moved, kept }) => {
  const { store, sync, write } = await online();
  for (const seed of [1, 2]) await keep(store, seed);
  await write(shown(2));
  await sync.run();
  await write(shown(1));
  const apart = { type: 'about:blank', title: 'apart', status: 409 };
  await store.engine.run('readwrite', ALL_TABLES, (tx) => handOver(tx, LEARNER, moved, apart, store.now()));
  const rows = await store.engine.run('readonly', ['media'], (tx) => tx.rows('media'));
  expect(rows.map(({ hash }) => hash)).toEqual(kept);
});

describe('files of the cards', () => {
  const server = (limit: number, lost: readonly number[] = []) => {
    const asked: number[] = [];
    const files = new Map(Array.from({ length: 50 }, (_, seed) => [hashOf(seed), seed]));
    const world: Fetching = {
      async fetch(hash) {
        const seed = files.get(hash) ?? -1;
        asked.push(seed);
        return lost.includes(seed) ? null : { type: 'image/png', bytes: file(seed).buffer };
      },
      limit: async () => limit,
    };
    return { world, asked };
  };

  const rate = async (store: LocalStore, noteId: string, rating: 1 | 4) => {
    const [card] = await store.cardsOfNote(noteId);
    await store.record(store.prepare({ card_id: card?.id ?? '', kind: 'answer', rating }));
  };

  const here = async (store: LocalStore) =>
    (await store.engine.run('readonly', ['media'], (tx) => tx.rows('media'))).map(({ hash }) => hash).sort();

  test('come for the cards due soonest first, and give way to them', async () => {
    const { store, write } = await online();
    const notes = [];
    for (const seed of [1, 2, 3, 4, 5]) notes.push(await write(shown(seed)));
    await rate(store, notes[4] ?? '', 1);
    for (const place of [0, 1]) await rate(store, notes[place] ?? '', 4);
    const small = server(3 * SIZE);
    expect(await keepUp(store, small.world)).toEqual({ wanted: 5, here: 3, bytes: 3 * SIZE, full: true });
    expect(small.asked.slice(0, 3).sort()).toEqual([3, 4, 5]);
    expect(await here(store)).toEqual([3, 4, 5].map(hashOf).sort());
    expect(await store.recall(MEDIA_STATE)).toMatchObject({ full: true });
    for (const place of [2, 3]) await rate(store, notes[place] ?? '', 4);
    await store.edit({ entity: 'note', op: 'delete', entity_id: notes[4] ?? '' });
    await write(shown(6));
    await keepUp(store, small.world);
    expect(await here(store)).toContain(hashOf(6));
    expect(await here(store)).not.toContain(hashOf(5));
  });

  test('a full disk is a limit too, and one’s own unsent picture never gives way', async () => {
    const { store, write } = await online();
    for (const seed of [1, 2, 3]) await write(shown(seed));
    await keep(store, 9);
    const { run } = store.engine;
    let room = 2;
    const full: typeof run = async (mode, tables, body) => {
      if (mode === 'relaxed' && tables.includes('media_bytes') && room-- <= 0) throw new StorageError('full');
      return run(mode, tables, body);
    };
    Object.assign(store.engine, { run: full });
    const { world } = server(1000 * SIZE);
    expect(await keepUp(store, world)).toMatchObject({ here: 2, full: true });
    expect(await mediaHere(store.engine, hashOf(9))).not.toBeNull();
  });

  test('one that is nowhere is passed over; what no card shows any more goes', async () => {
    const { store, write } = await online();
    const note = await write(shown(1));
    await write(shown(2));
    const { world } = server(1000 * SIZE, [2]);
    expect(await keepUp(store, world)).toEqual({ wanted: 2, here: 1, bytes: SIZE, full: false });
    await store.edit({ entity: 'note', op: 'update', entity_id: note, fields: { fields: { front: 'no more' } } });
    await keepUp(store, world);
    expect(await here(store)).toEqual([]);
  });

  test('what is half written keeps its pictures, however long it waits', async () => {
    const { store, clock } = await online();
    const { world } = server(1000 * SIZE);
    for (const seed of [1, 2]) await keep(store, seed);
    await store.remember('draft:new', { fields: { front: shown(1) } });
    clock.pass(30 * 86_400_000);
    await keepUp(store, world);
    expect(await here(store)).toEqual([hashOf(1)]);
    await store.remember('draft:new', null);
    await keepUp(store, world);
    expect(await here(store)).toEqual([]);
  });

  test('notes of a database without the index are found once', async () => {
    const { store, write } = await online();
    const id = await write(shown(1));
    await store.engine.run('readwrite', ['notes', 'meta'], async (tx) => {
      const note = await tx.get('notes', id);
      if (!note) throw new Error('no note');
      const { shows, ...old } = withShows(note);
      expect(shows).toBe(id);
      await tx.put('notes', old);
    });
    expect((await keepUp(store, server(1000 * SIZE).world)).here).toBe(1);
  });
});
