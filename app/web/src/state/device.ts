// The open database and the sync of this device, and signals that follow them. Opened once, before the first render.
import { computed, effect, signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { hasSession } from '../has_session';
import type { Store, StoreChange } from '../store';
import type { Sync, SyncStatus } from '../sync';

let opened: { store: Store; sync: Promise<Sync> } | undefined;

export const syncStatus = signal<SyncStatus>({
  phase: 'idle',
  unsent: 0,
  refused: 0,
  syncedAt: null,
  problem: null,
});
/** The learner day on screen; moves at the rollover hour, also when the phone slept through it. */
export const today = signal(0);
/** The server has everything and this device nothing: it was cleared away, and is on its way back. */
export const restoring = computed(() => wasCleared && syncStatus.value.syncedAt === null);
let wasCleared = false;
/** Goes up when something of that kind changed in the database. */
const versions = { cards: signal(0), content: signal(0), learner: signal(0), outbox: signal(0) };
export type Watched = keyof typeof versions;

export function store(): Store {
  if (!opened) throw new Error('the database is not open yet');
  return opened.store;
}

/** The browser forbids storage: what was answered is safe only once the server has it. */
export function keepsNothing(): boolean {
  return store().persistence === 'memory';
}

/** Sends and fetches everything now; resolves with how that went. */
export async function syncNow(): Promise<SyncStatus> {
  if (!opened) throw new Error('the database is not open yet');
  return (await opened.sync).run();
}

export function version(what: Watched): number {
  return versions[what].value;
}

/** Makes store and sync known to the views and follows their changes and the learner's day. Sync may come later than the rest. */
export function use(device: { store: Store; sync: Promise<Sync> }): void {
  opened = device;
  wasCleared = device.store.learner().id === '' && hasSession();
  device.store.subscribe(follow);
  void device.sync.then(followSync);
  followDay();
}

function followSync(sync: Sync): void {
  syncStatus.value = sync.status();
  sync.subscribe((status) => {
    syncStatus.value = status;
  });
}

function follow({ what }: StoreChange): void {
  for (const each of Object.keys(versions) as Watched[]) {
    if (what === each || what === 'all') versions[each].value++;
  }
  if (what === 'learner' || what === 'all') today.value = store().today();
}

const LONGEST_TIMER_MS = 3_600_000;
let rollover = 0;

// A timer alone is not enough: phones stop timers while they sleep.
function followDay(): void {
  const look = () => {
    today.value = store().today();
    clearTimeout(rollover);
    const wait = Math.max(1000, store().rollsOverAt() - store().now());
    rollover = window.setTimeout(look, Math.min(wait, LONGEST_TIMER_MS));
  };
  look();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') look();
  });
}

export type Stored<T> = { state: 'loading' } | { state: 'failed'; reason: string } | { state: 'ready'; value: T };

/** Reads from the database and reads again when one of the watched kinds, the day or `keys` changed. Old values stay meanwhile. */
export function useStored<T>(
  read: (store: Store) => Promise<T>,
  watched: readonly Watched[],
  keys: readonly unknown[] = [],
): Stored<T> {
  const [stored, setStored] = useState<Stored<T>>({ state: 'loading' });
  useEffect(() => {
    let current = true;
    const stop = effect(() => {
      for (const each of watched) version(each);
      today.value;
      read(store()).then(
        (value) => current && setStored({ state: 'ready', value }),
        (error: unknown) => current && setStored({ state: 'failed', reason: String(error) }),
      );
    });
    return () => {
      current = false;
      stop();
    };
  }, keys);
  return stored;
}
