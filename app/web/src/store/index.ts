/**
 * The phone's own database: everything that studying needs, with or without a network.
 *
 * One rule above all: an act of the learner is one transaction over event, outbox, journal and card, and counts as saved
 * only when the promise of `record`, `undo` or `edit` resolves (the transaction is on the disk then).
 */

export { UNSAVED } from './device';
export { StorageError, type StorageTrouble } from './errors';
export { Gone } from './journal';
export type { LocalStore } from './local';
export { openStore, type StoreOptions } from './open';
export type * from './types';
