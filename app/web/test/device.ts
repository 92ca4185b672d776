/** A phone for tests: its own database, clock and chance, and a network that can fail at every point. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import type { Random } from '../src/ids';
import { openIndexed } from '../src/store/indexed';
import type { LocalStore } from '../src/store/local';
import { openMemory } from '../src/store/memory';
import { openStore } from '../src/store/open';
import type { Surroundings } from '../src/sync';
import type { Service } from './service';

export const START = Date.UTC(2026, 2, 9, 2, 0, 0);

/** Small, fast, seeded (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function randomOf(chance: () => number): Random {
  return (length) => Uint8Array.from({ length }, () => Math.floor(chance() * 256));
}

export class Clock {
  constructor(public time = START) {}
  now = (): number => this.time;
  pass(ms: number): void {
    this.time += ms;
  }
}

export type Engines = 'indexed' | 'memory';

export async function openPhone(kind: Engines, clock: Clock, seed = 1): Promise<LocalStore> {
  globalThis.indexedDB = new IDBFactory();
  const engine = kind === 'memory' ? openMemory() : await openIndexed('test');
  const random = randomOf(chanceOf(seed));
  return openStore({ engine, now: clock.now, random, channel: null, zone: 'Asia/Shanghai' });
}

/** Ids of the notes that a search finds, in order. */
export async function notesOf(store: LocalStore, search = ''): Promise<string[]> {
  const found = await (await store.catalogue()).find(search);
  return [...new Set(found.map(({ note_id }) => note_id))];
}

/** What happens to the next requests: `ok`, lost on the way there, lost on the way back, or a trouble of the server. */
export type Weather = 'ok' | 'lost-before' | 'lost-after' | 'busy';

export function worldOf(
  service: Service,
  clock: Clock,
  weather: () => Weather = () => 'ok',
): Surroundings & { waiting: (() => void)[] } {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    async fetch(path, init) {
      const today = weather();
      if (today === 'lost-before') throw new TypeError('network');
      if (today === 'busy') return new Response('', { status: 503, headers: { 'Retry-After': '7' } });
      const response = service.respond(path, init);
      clock.pass(20);
      if (today === 'lost-after') throw new TypeError('network');
      return response;
    },
    deviceName: 'Android Chrome',
    now: clock.now,
    chance: () => 0.5,
    isOnline: () => true,
    alone: (task) => task(),
    later(_ms, task) {
      waiting.push(task);
      return () => {
        const place = waiting.indexOf(task);
        if (place >= 0) waiting.splice(place, 1);
      };
    },
    onReturn: () => () => undefined,
  };
}
