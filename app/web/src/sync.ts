/** The round trips between the phone's database and `POST /api/sync`, and their rhythm. */
import { deviceName } from './device_name';
import { hasSession } from './has_session';
import { clockOffset, culpritsOf, MOST_EVENTS, requestOf, waitAfter } from './plan';
import type { LocalStore } from './store';
import {
  API,
  APP_TOO_OLD,
  type EditIn,
  type LearnerRow,
  type Problem,
  type SyncAnswer,
  type SyncRequest,
} from './wire';

/**
 * `idle`: nothing to do. `syncing`: a request is under way. `offline`: no network. `waiting`: the last try failed, another follows.
 * `signed-out`: the server does not know the session; everything is kept until the learner signs in. `outdated`: the server no longer
 * understands this version of the app; everything is kept until it is updated.
 */
export type SyncPhase = 'idle' | 'syncing' | 'offline' | 'waiting' | 'signed-out' | 'outdated';

export interface SyncStatus {
  phase: SyncPhase;
  /** Events and edits that the server has not named yet. */
  unsent: number;
  refused: number;
  /** Device time of the last complete sync, or null. */
  syncedAt: number | null;
  /** Why the last try failed, when the server said so. */
  problem: Problem | null;
}

export interface Sync {
  status(): SyncStatus;
  subscribe(listener: (status: SyncStatus) => void): () => void;
  /** Asks for a sync soon (after an answer, a sign-in, an added deck). Many calls make one. */
  kick(): void;
  /** Syncs now and resolves when everything is sent and fetched, or with the status that says why not. Never throws. */
  run(): Promise<SyncStatus>;
  stop(): void;
}

/** What sync needs of the world; tests bring their own. */
export interface Surroundings {
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  /** Device clock, ms. */
  now: () => number;
  /** 0 to 1. */
  chance: () => number;
  isOnline: () => boolean;
  /** Runs `task` while no other tab does. */
  alone: (task: () => Promise<void>) => Promise<void>;
  /** Calls `task` after `ms`; returns the way to call it off. */
  later: (ms: number, task: () => void) => () => void;
  /** Calls `task` when the page comes back to the eye or the network; returns the way to stop. */
  onReturn: (task: () => void) => () => void;
  /** Whether the server has this browser's learner, whatever became of the database here. */
  hasSession?: () => boolean;
  /** Hears of each complete sync. */
  synced?: (store: LocalStore) => void;
  version?: string;
  /** What the learner's other devices call this one. */
  deviceName?: string;
}

const PACKED_ABOVE = 4096;
const SOON_MS = 3000;
const ACTS_BEFORE_SYNC = 5;
const TIMEOUT_MS = 60_000;
const UPLOAD_TIMEOUT_MS = 300_000;
const NOT_SIGNED_IN = 401;
const SYNCED = 'synced';

/** A request that did not bring an answer of sync. `retryMs`: what the server asked to wait. */
class Failed extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | null,
    readonly retryMs: number,
  ) {
    super(`${status} ${problem?.type ?? ''}`);
  }
}

/** Begins to sync: after every few acts, when the page or the network comes back, and after failures with growing pauses. */
export function startSync(store: LocalStore, surroundings: Surroundings = browser()): Sync {
  return new Rhythm(store, surroundings);
}

class Rhythm implements Sync {
  private current: SyncStatus = { phase: 'idle', unsent: 0, refused: 0, syncedAt: null, problem: null };
  private readonly listeners = new Set<(status: SyncStatus) => void>();
  private readonly endings: (() => void)[];
  private running: Promise<SyncStatus> | null = null;
  private again = false;
  private acts = 0;
  private failures = 0;
  private callOff: (() => void) | null = null;
  private stopped = false;

  constructor(
    private readonly store: LocalStore,
    private readonly world: Surroundings,
  ) {
    this.endings = [
      world.onReturn(() => void this.runIfKnown()),
      store.subscribe(({ what, elsewhere }) => {
        if (what === 'cards' || what === 'content' || what === 'learner') this.acted(elsewhere);
      }),
    ];
    void this.runIfKnown();
  }

  status(): SyncStatus {
    return this.current;
  }

  subscribe(listener: (status: SyncStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  kick(): void {
    this.schedule(0);
  }

  run(): Promise<SyncStatus> {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.callOff?.();
    this.acts = 0;
    this.running = this.rounds().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  stop(): void {
    this.stopped = true;
    this.callOff?.();
    for (const end of this.endings) end();
  }

  /** Someone who only looks does not become a learner: the first sync waits for something to send, or to be asked for. */
  private async runIfKnown(): Promise<void> {
    await this.count();
    const syncedAt = this.current.syncedAt ?? (await this.store.recall(SYNCED));
    if (typeof syncedAt === 'number') this.tell({ syncedAt });
    const isKnown = this.store.learner().id !== '' || this.world.hasSession?.();
    if (isKnown || this.current.unsent > 0) await this.run();
  }

  private acted(elsewhere: boolean): void {
    void this.count();
    if (elsewhere) return;
    this.acts += 1;
    // Without a disk the server is the only safe place.
    const isUrgent = this.acts >= ACTS_BEFORE_SYNC || this.store.persistence === 'memory';
    this.schedule(isUrgent ? 0 : SOON_MS);
  }

  private schedule(ms: number): void {
    if (this.running) this.again = true;
    if (this.running || this.stopped) return;
    this.callOff?.();
    this.callOff = this.world.later(ms, () => void this.run());
  }

  private tell(part: Partial<SyncStatus>): void {
    this.current = { ...this.current, ...part };
    for (const listener of this.listeners) listener(this.current);
  }

  private async count(): Promise<void> {
    const [unsent, refused] = await Promise.all([this.store.unsent(), this.store.refused()]);
    this.tell({ unsent, refused: refused.length });
  }

  private async rounds(): Promise<SyncStatus> {
    if (!this.world.isOnline()) {
      await this.count();
      this.tell({ phase: 'offline' });
      return this.current;
    }
    this.tell({ phase: 'syncing' });
    try {
      do {
        this.again = false;
        await this.world.alone(() => exchange(this.store, this.world));
      } while (this.again && !this.stopped);
      this.failures = 0;
      await this.count();
      const syncedAt = this.world.now();
      this.tell({ phase: 'idle', problem: null, syncedAt });
      await this.store.remember(SYNCED, syncedAt).catch(() => undefined);
      this.world.synced?.(this.store);
    } catch (error) {
      await this.count().catch(() => undefined);
      this.failed(error);
    }
    return this.current;
  }

  private failed(error: unknown): void {
    const { status, problem, retryMs } = error instanceof Failed ? error : new Failed(0, null, 0);
    const phase = phaseAfter(status, this.world.isOnline());
    this.tell({ phase, problem });
    // Only the learner can change what these two say.
    if (this.stopped || phase === 'signed-out' || phase === 'outdated') return;
    this.failures += 1;
    const wait = Math.max(waitAfter(this.failures, this.world.chance()), retryMs);
    this.callOff = this.world.later(wait, () => void this.run());
  }
}

function phaseAfter(status: number, isOnline: boolean): SyncPhase {
  if (status === NOT_SIGNED_IN) return 'signed-out';
  if (status === APP_TOO_OLD) return 'outdated';
  return isOnline ? 'waiting' : 'offline';
}

/** Sends everything and fetches everything. Throws Failed, StorageError, and TypeError without a network. */
async function exchange(store: LocalStore, world: Surroundings): Promise<void> {
  if (store.learner().id === '' || store.renewing) await introduce(store, world);
  await sendWishes(store, world);
  for (let limit = MOST_EVENTS, more = true; more; ) {
    const { items, device } = await store.outbox(limit);
    const request = requestOf(items, device, limit);
    const sent = new Set([...request.events, ...request.edits].map(({ id }) => id));
    if (world.version) request.app_version = world.version;
    await sendMedia(store, world, request.edits);
    try {
      const sentAt = world.now();
      const answer = await call<SyncAnswer>(world, 'POST', '/api/sync', request);
      const offset = clockOffset(device.clock_offset_ms, sentAt, world.now(), answer.server_time);
      // What no answer names would be sent for ever.
      if (sent.size > 0 && !namesAny(answer, sent)) throw new Failed(200, null, 0);
      const folded = await store.absorb(answer, offset);
      more = folded.more || (await store.unsent()) > 0;
      limit = MOST_EVENTS;
    } catch (error) {
      limit = await isolate(store, error, request);
    }
  }
}

function namesAny({ acked, refused }: SyncAnswer, sent: ReadonlySet<string>): boolean {
  return acked.some((id) => sent.has(id)) || refused.some(({ id }) => sent.has(id));
}

/**
 * The pictures that these edits show, before the edits: who fetches the card finds them there. One that the server will not have holds
 * nothing back; the words of the card are worth more.
 */
async function sendMedia(store: LocalStore, world: Surroundings, edits: readonly EditIn[]): Promise<void> {
  if (edits.length === 0) return;
  const { hashesOfEdits, settleMedia, unsentMedia } = await import('./store/media');
  for (const { hash, bytes } of await unsentMedia(store.engine, hashesOfEdits(edits))) {
    try {
      await post(world, '/api/media', bytes);
      await settleMedia(store.engine, hash, null);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await settleMedia(store.engine, hash, error.problem ?? unnamed(error.status));
    }
  }
}

async function post(world: Surroundings, path: string, body: ArrayBuffer): Promise<void> {
  const headers = { 'Content-Type': 'application/octet-stream', Accept: 'application/json', ...API };
  const signal = AbortSignal.timeout(UPLOAD_TIMEOUT_MS);
  const response = await world.fetch(path, { method: 'POST', headers, body, credentials: 'same-origin', signal });
  if (!response.ok) throw await failure(response);
}

function unnamed(status: number): Problem {
  return { type: 'about:blank', title: `HTTP ${status}`, status };
}

/**
 * First contact: an anonymous learner, or the one that the session still knows. Who begins again sends everything to a new anonymous
 * learner; to an account never without being asked, and not to the learner whom it has already.
 */
async function introduce(store: LocalStore, world: Surroundings): Promise<void> {
  const { id, zone, language } = store.learner();
  const name = world.deviceName ? { device_name: world.deviceName } : {};
  const body = { device_id: store.deviceId, zone, language, ...name };
  const { learner } = await call<{ learner: LearnerRow }>(world, 'POST', '/api/session', body);
  if (!store.renewing || learner.id === id) return store.adopt(learner);
  if (learner.kind !== 'anonymous') throw new Failed(NOT_SIGNED_IN, null, 0);
  await store.renew(learner);
}

/** Settings that were changed here. Refused ones go back to what the server has. */
async function sendWishes(store: LocalStore, world: Surroundings): Promise<void> {
  const wishes = store.unsentPatch();
  if (!wishes) return;
  try {
    const row = await call<LearnerRow>(world, 'PATCH', '/api/learner', wishes);
    const { id, kind, name, language, zone, rollover_hour, settings, parameters_version } = row;
    await store.settlePatch(wishes, { id, kind, name, language, zone, rollover_hour, settings, parameters_version });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await store.settlePatch(wishes, null);
  }
}

function isRefusal(error: unknown): error is Failed {
  return error instanceof Failed && [400, 404, 409, 413, 422].includes(error.status);
}

/**
 * A request that the server refuses as a whole must not block the others for ever: the items that the refusal points at go to the
 * refused list; without a pointer the next request is half as long, until one item alone is found. Gives the new limit; rethrows what
 * is no refusal.
 */
async function isolate(store: LocalStore, error: unknown, request: SyncRequest): Promise<number> {
  const ids = [...request.events, ...request.edits].map(({ id }) => id);
  if (!isRefusal(error) || ids.length === 0) throw error;
  const named = culpritsOf(error.problem, request);
  const culprits = named.length > 0 ? named : ids.length === 1 ? ids : [];
  if (culprits.length === 0) return Math.max(1, Math.floor(ids.length / 2));
  await store.refuse(culprits, error.problem ?? unnamed(error.status));
  return MOST_EVENTS;
}

async function call<T>(world: Surroundings, method: string, path: string, body: object): Promise<T> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', Accept: 'application/json', ...API };
  const text = JSON.stringify(body);
  const packed = text.length > PACKED_ABOVE ? await gzipped(text) : null;
  if (packed) headers['Content-Encoding'] = 'gzip';
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await world.fetch(path, {
    method,
    headers,
    body: packed ?? text,
    credentials: 'same-origin',
    signal,
  });
  if (!response.ok) throw await failure(response);
  return (await response.json()) as T;
}

async function failure(response: Response): Promise<Failed> {
  const isJson = response.headers.get('Content-Type')?.includes('json') ?? false;
  const problem = isJson ? ((await response.json().catch(() => null)) as Problem | null) : null;
  const retryMs = 1000 * (Number(response.headers.get('Retry-After')) || 0);
  return new Failed(response.status, problem, retryMs);
}

async function gzipped(text: string): Promise<ArrayBuffer | null> {
  if (typeof CompressionStream === 'undefined') return null;
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

function browser(): Surroundings {
  return {
    // What is refused is said in the language on screen.
    fetch: (path, init) =>
      fetch(path, { ...init, headers: { ...init.headers, 'Accept-Language': document.documentElement.lang } }),
    synced: (store) => void import('./media').then(({ followMedia }) => followMedia(store)).catch(() => undefined),
    deviceName: deviceName(navigator),
    hasSession,
    now: Date.now,
    chance: Math.random,
    isOnline: () => navigator.onLine,
    alone: async (task) => {
      // A page that is no secure context has no locks; the server takes doubled items once anyway.
      if ('locks' in navigator) await navigator.locks.request('wengu-sync', task);
      else await task();
    },
    later(ms, task) {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
    onReturn(task) {
      const look = () => document.visibilityState === 'visible' && task();
      document.addEventListener('visibilitychange', look);
      for (const event of ['online', 'focus', 'pageshow']) window.addEventListener(event, task);
      return () => {
        document.removeEventListener('visibilitychange', look);
        for (const event of ['online', 'focus', 'pageshow']) window.removeEventListener(event, task);
      };
    },
  };
}
