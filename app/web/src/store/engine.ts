/** What the store needs of a database: transactions over tables with indexes. Two engines keep it: IndexedDB and memory. */
import type { IndexOf, Rows, Table } from './tables';

export type Key = number | string | readonly (number | string)[];

/** Bounds of a read; both ends belong to it unless marked open. */
export interface Range {
  from?: Key;
  to?: Key;
  fromOpen?: boolean;
  toOpen?: boolean;
}

export interface Read<T extends Table> {
  /** Order and bounds are by this index, else by the table's key. Rows without the index's keys are not in it. */
  index?: IndexOf<T>;
  range?: Range;
  limit?: number;
  /** From the end. */
  backwards?: boolean;
}

/** The inside of a transaction. Await nothing but its own methods: the browser ends a transaction that waits for something else. */
export interface Tx {
  get<T extends Table>(table: T, key: number | string): Promise<Rows[T] | undefined>;
  rows<T extends Table>(table: T, read?: Read<T>): Promise<Rows[T][]>;
  /** Only the keys of the rows; much cheaper than the rows. */
  ids(table: 'cards', read?: Read<'cards'>): Promise<string[]>;
  count<T extends Table>(table: T, read?: Read<T>): Promise<number>;
  put<T extends Table>(table: T, row: Rows[T]): Promise<void>;
  delete(table: Table, key: number | string): Promise<void>;
  clear(table: Table): Promise<void>;
}

/**
 * `relaxed`: a write that a power cut may take back, for what only helps; never for what a learner did. `parting`: such a write that a
 * page still finishes while it goes; its body asks for everything before its first wait.
 */
export type Mode = 'readonly' | 'readwrite' | 'relaxed' | 'parting';

export interface Engine {
  readonly persistence: 'disk' | 'memory';
  /**
   * Runs `body` in one transaction over `tables` and resolves when it is on the disk. If `body` throws, nothing of it stays and the
   * same error comes out. `body` may run twice (after a lost connection), so it must not have effects of its own.
   * Throws StorageError.
   */
  run<R>(mode: Mode, tables: readonly Table[], body: (tx: Tx) => Promise<R>): Promise<R>;
  close(): void;
}

/** All rows whose index begins with `first`. */
export function under(first: string): Range {
  return { from: [first], to: [first, '\uffff'] };
}
