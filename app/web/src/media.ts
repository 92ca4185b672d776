/**
 * Fetches what the cards on this device show, so that a picture is there without a network: for the cards due soonest first, within a
 * limit; when that is reached, what is due last gives way.
 */
import type { Store } from './store';
import type { Engine } from './store/engine';
import { StorageError } from './store/errors';
import { forget, hashesOf, hashesOfDrafts, keepMedia, MEDIA_TABLES, withShows } from './store/media';
import { type CardRecord, indexed, type MediaRecord } from './store/tables';

const MB = 1024 ** 2;
const MOST = 200 * MB;
const SHARE_OF_QUOTA = 4;
const NOTES_AT_ONCE = 200;
const FILES_AT_ONCE = 4;
/** About how many new cards a day a deck shows: the hundredth is not seen tomorrow. */
const NEW_A_DAY = 20;
const ABANDONED_MS = 7 * 86_400_000;
const INDEXED = 'media-indexed';

/** What the last look found; kept for the page that tells of it. */
export interface MediaState {
  wanted: number;
  here: number;
  bytes: number;
  /** There is no room for the rest. */
  full: boolean;
}

export const MEDIA_STATE = 'media';

export interface Fetching {
  /** The bytes, null for a file that the server does not have. Throws without a network. */
  fetch: (hash: string) => Promise<{ type: string; bytes: ArrayBuffer } | null>;
  limit: () => Promise<number>;
}

/** Brings the files of this device in line with its cards. Throws what `fetch` throws; what came until then stays. */
export async function keepUp(store: Store, world: Fetching = browser()): Promise<MediaState> {
  const { engine } = store;
  await indexOnce(engine);
  const due = await dueByHash(engine, store.today());
  const kept = new Room(engine, await world.limit(), due);
  await kept.begin(store.now());
  const order = [...due.keys()].filter((hash) => !kept.has(hash)).sort((a, b) => dueOf(due, a) - dueOf(due, b));
  try {
    for (let at = 0; at < order.length && !kept.full; at += FILES_AT_ONCE) {
      const some = order.slice(at, at + FILES_AT_ONCE);
      const files = await Promise.all(some.map(async (hash) => ({ hash, file: await world.fetch(hash) })));
      for (const { hash, file } of files) if (file) await kept.add({ ...file, hash, sent: true, at: store.now() });
    }
  } finally {
    await store.remember(MEDIA_STATE, { ...kept.state(), wanted: due.size });
  }
  return { ...kept.state(), wanted: due.size };
}

function dueOf(due: ReadonlyMap<string, number>, hash: string): number {
  return due.get(hash) ?? Number.POSITIVE_INFINITY;
}

/** The files on this device and the room that is left for them. */
class Room {
  full = false;
  private readonly files = new Map<string, MediaRecord>();

  constructor(
    private readonly engine: Engine,
    private readonly limit: number,
    private readonly due: ReadonlyMap<string, number>,
  ) {}

  has(hash: string): boolean {
    return this.files.has(hash);
  }

  state() {
    const wanted = [...this.files.keys()].filter((hash) => this.due.has(hash));
    return { here: wanted.length, bytes: this.bytes(), full: this.full };
  }

  /** Reads what is here and lets go of what no card shows any more; a picture of an unfinished card waits a week for it. */
  async begin(now: number): Promise<void> {
    for (const file of await this.engine.run('readonly', ['media'], (tx) => tx.rows('media'))) {
      this.files.set(file.hash, file);
      if (!this.due.has(file.hash) && (file.sent || file.at < now - ABANDONED_MS)) await this.drop(file.hash);
    }
  }

  /** Keeps a file if there is room, or others due later make room. */
  async add(file: Parameters<typeof keepMedia>[1]): Promise<void> {
    const size = file.bytes.byteLength;
    while (this.bytes() + size > this.limit) if (!(await this.giveWay(file.hash))) return this.end();
    for (;;) {
      try {
        await keepMedia(this.engine, file);
        break;
      } catch (error) {
        if (!(error instanceof StorageError) || error.trouble !== 'full') throw error;
        if (!(await this.giveWay(file.hash))) return this.end();
      }
    }
    this.files.set(file.hash, { hash: file.hash, type: file.type, size, sent: true, at: file.at });
  }

  private end(): void {
    this.full = true;
  }

  private bytes(): number {
    let sum = 0;
    for (const { size } of this.files.values()) sum += size;
    return sum;
  }

  /** Lets go of the file due last, if that is later than this one; never of one that the server has not got. */
  private async giveWay(hash: string): Promise<boolean> {
    let last = hash;
    for (const file of this.files.values()) {
      if (file.sent && dueOf(this.due, file.hash) > dueOf(this.due, last)) last = file.hash;
    }
    if (last === hash) return false;
    await this.drop(last);
    return true;
  }

  private async drop(hash: string): Promise<void> {
    await this.engine.run('relaxed', MEDIA_TABLES, (tx) => forget(tx, hash));
    this.files.delete(hash);
  }
}

/** For each file the day on which a card first needs it. */
async function dueByHash(engine: Engine, today: number): Promise<Map<string, number>> {
  const due = new Map<string, number>();
  const fresh: { card: CardRecord; hashes: readonly string[] }[] = [];
  const note = (hashes: readonly string[], day: number) => {
    for (const hash of hashes) due.set(hash, Math.min(day, dueOf(due, hash)));
  };
  note(await engine.run('readonly', ['meta'], hashesOfDrafts), today);
  await eachShowing(engine, (hashes, card) => {
    if (card.new_at !== undefined) fresh.push({ card, hashes });
    else if (card.review_on !== undefined) note(hashes, Math.max(card.review_on, card.buried_until ?? 0));
    else note(hashes, card.learn_at === undefined ? Number.MAX_SAFE_INTEGER : today);
  });
  const seen = new Map<string, number>();
  for (const { card, hashes } of fresh.sort((a, b) => (a.card.new_at ?? 0) - (b.card.new_at ?? 0))) {
    const place = seen.get(card.deck_id) ?? 0;
    seen.set(card.deck_id, place + 1);
    note(hashes, today + Math.floor(place / NEW_A_DAY));
  }
  return due;
}

async function eachShowing(engine: Engine, take: (hashes: readonly string[], card: CardRecord) => void): Promise<void> {
  for (let after = ''; ; ) {
    const range = { from: after, fromOpen: true };
    const found = await engine.run('readonly', ['notes', 'cards'], async (tx) => {
      const notes = await tx.rows('notes', { index: 'shows', range, limit: NOTES_AT_ONCE });
      const cards = await Promise.all(
        notes.map(({ id }) => tx.rows('cards', { index: 'note', range: { from: id, to: id } })),
      );
      return notes.map((note, place) => ({ note, cards: cards[place] ?? [] }));
    });
    for (const { note, cards } of found) {
      const hashes = note.deleted ? [] : hashesOf(note);
      for (const card of cards) take(hashes, indexed(card));
    }
    const last = found.at(-1);
    if (!last) return;
    after = last.note.id;
  }
}

/** Notes of a database from before there was an index of those that show something. */
async function indexOnce(engine: Engine): Promise<void> {
  const known = await engine.run('readonly', ['meta'], (tx) => tx.get('meta', INDEXED));
  if (known) return;
  for (let after = ''; ; ) {
    const range = { from: after, fromOpen: true };
    const last = await engine.run('relaxed', ['notes'], async (tx) => {
      const notes = await tx.rows('notes', { range, limit: NOTES_AT_ONCE });
      for (const note of notes.map(withShows)) if (note.shows) await tx.put('notes', note);
      return notes.at(-1);
    });
    if (!last) break;
    after = last.id;
  }
  await engine.run('relaxed', ['meta'], (tx) => tx.put('meta', { name: INDEXED, value: true }));
}

function browser(): Fetching {
  return {
    async fetch(hash) {
      const response = await fetch(`/api/media/${hash}`);
      if (response.status === 404) return null;
      if (!response.ok) throw new Error(`media: HTTP ${response.status}`);
      const type = response.headers.get('Content-Type') ?? '';
      return { type, bytes: await response.arrayBuffer() };
    },
    async limit() {
      const { quota } = (await navigator.storage?.estimate?.()) ?? {};
      return Math.min(MOST, quota ? quota / SHARE_OF_QUOTA : MOST / 2);
    },
  };
}

const AGAIN_MS = 600_000;
let under: Promise<unknown> | null = null;
let last = { at: Number.NEGATIVE_INFINITY, notes: -1, ended: false };

/** After a sync: at once when other notes show something than at the last look, else now and then. Never throws. */
export async function followMedia(store: Store): Promise<void> {
  if (under || store.persistence === 'memory') return;
  const notes = await store.engine
    .run('readonly', ['notes'], (tx) => tx.count('notes', { index: 'shows' }))
    .catch(() => 0);
  const isFresh = last.ended && last.notes === notes && store.now() - last.at < AGAIN_MS;
  if (isFresh) return;
  under = alone(() => keepUp(store)).then(
    () => true,
    () => false,
  );
  const ended = (await under) === true;
  under = null;
  last = { at: store.now(), notes, ended };
}

/** One tab is enough. */
async function alone(task: () => Promise<unknown>): Promise<void> {
  if (!('locks' in navigator)) await task();
  else await navigator.locks.request('wengu-media', { ifAvailable: true }, async (lock) => lock && (await task()));
}
