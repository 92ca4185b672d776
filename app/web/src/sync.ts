/** One round trip between the phone's database and `POST /api/sync`, and the rhythm of it. */
import type { Problem } from './wire';

/**
 * `idle`: nothing to do. `syncing`: a request is under way. `offline`: no network. `waiting`: the last try failed, another follows.
 * `signed-out`: the server does not know the session; everything is kept until the learner signs in (or `startAnew` is called).
 */
export type SyncPhase = 'idle' | 'syncing' | 'offline' | 'waiting' | 'signed-out';

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
