import type { Random } from '../ids';
import type { Engine } from './engine';
import { StorageError } from './errors';
import { openIndexed } from './indexed';
import { LocalStore } from './local';

export interface StoreOptions {
  name?: string;
  now?: () => number;
  random?: Random;
  /** Another engine than the browser's database (tests). */
  engine?: Engine;
  /** Where tabs tell each other what changed; null for none. */
  channel?: BroadcastChannel | null;
  zone?: string;
  /** Called when a newer version of the app in another tab has taken the database: this page should reload. */
  onSuperseded?: () => void;
}

/**
 * Opens the phone's database; where the browser forbids storage, one in memory with the same behaviour.
 * Throws StorageError('full').
 */
export async function openStore(options: StoreOptions = {}): Promise<LocalStore> {
  const engine = options.engine ?? (await openEngine(options));
  const channel = options.channel === undefined ? ownChannel(options.name) : options.channel;
  const store = new LocalStore(engine, { ...options, channel });
  await store.begin();
  return store;
}

async function openEngine({ name = 'wengu', onSuperseded }: StoreOptions): Promise<Engine> {
  try {
    return await openIndexed(name, onSuperseded);
  } catch (error) {
    if (!(error instanceof StorageError) || error.trouble !== 'forbidden') throw error;
    // Rarely needed, so it is not part of the first load.
    return (await import('./memory')).openMemory();
  }
}

function ownChannel(name = 'wengu'): BroadcastChannel | null {
  return typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`${name}-changes`);
}
