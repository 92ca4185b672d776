/** Why the database cannot be used. `full`: no room left. `forbidden`: the browser forbids storage (private mode). `lost`: the
 * connection broke and reopening did not help; the event is still with the caller, who may try again with the same one. */
export type StorageTrouble = 'full' | 'forbidden' | 'lost';

/** A write that did not happen. Nothing of it is on the disk; repeating it with the same prepared event is harmless. */
export class StorageError extends Error {
  constructor(
    readonly trouble: StorageTrouble,
    options?: ErrorOptions,
  ) {
    super(`storage ${trouble}`, options);
    this.name = 'StorageError';
  }
}

const TROUBLES: Readonly<Record<string, StorageTrouble>> = {
  QuotaExceededError: 'full',
  SecurityError: 'forbidden',
  NotAllowedError: 'forbidden',
  InvalidStateError: 'lost',
  UnknownError: 'lost',
  AbortError: 'lost',
  TransactionInactiveError: 'lost',
  TimeoutError: 'lost',
};

/** The trouble that a browser's error stands for, or null for an error that is not the database's. */
export function troubleOf(error: unknown): StorageTrouble | null {
  if (!(error instanceof DOMException)) return null;
  return TROUBLES[error.name] ?? 'lost';
}
