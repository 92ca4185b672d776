/** The engine over IndexedDB. */
import { type IDBPDatabase, type IDBPIndex, type IDBPObjectStore, type IDBPTransaction, openDB } from 'idb';
import type { Engine, Range, Read, Tx } from './engine';
import { StorageError, troubleOf } from './errors';
import { ALL_TABLES, type Rows, TABLES, type Table } from './tables';

/** 1: studying. 2: exams and their plans. */
const VERSION = 2;

/** Opens (and makes) the database. `onSuperseded` is called when a newer version of the app in another tab needs the database. */
export async function openIndexed(name: string, onSuperseded: () => void = () => {}): Promise<Engine> {
  let connection = await opened(name, onSuperseded);
  let alive = true;
  const reopen = async () => {
    connection.close();
    connection = await opened(name, onSuperseded);
  };
  return {
    persistence: 'disk',
    async run(mode, tables, body) {
      try {
        return await transaction(connection, mode, tables, body);
      } catch (error) {
        if (!alive || troubleOf(error) !== 'lost') throw translated(error);
      }
      // WebKit drops the connection of an app in the background; one new connection is enough, and the write repeats itself.
      try {
        await reopen();
        return await transaction(connection, mode, tables, body);
      } catch (error) {
        throw translated(error);
      }
    },
    close() {
      alive = false;
      connection.close();
    },
  };
}

function translated(error: unknown): unknown {
  const trouble = troubleOf(error);
  return trouble ? new StorageError(trouble, { cause: error }) : error;
}

async function opened(name: string, onSuperseded: () => void): Promise<IDBPDatabase> {
  try {
    return await connected(name, onSuperseded);
  } catch (error) {
    if (troubleOf(error) !== 'lost') throw unopened(error);
  }
  // What passes by itself has passed at the second try.
  return connected(name, onSuperseded).catch((error: unknown) => {
    throw unopened(error);
  });
}

/** A browser that forbids storage says so when the database is opened, under several names. */
function unopened(error: unknown): StorageError {
  const isNewer = error instanceof DOMException && error.name === 'VersionError';
  const trouble = troubleOf(error) === 'full' ? 'full' : isNewer ? 'lost' : 'forbidden';
  return new StorageError(trouble, { cause: error });
}

function connected(name: string, onSuperseded: () => void): Promise<IDBPDatabase> {
  return openDB(name, VERSION, {
    upgrade: (database) => makeTables(database),
    blocking: (_current, _next, event) => {
      (event.target as IDBDatabase).close();
      onSuperseded();
    },
  });
}

/** Makes the tables that are not there yet: an older database keeps its rows. */
function makeTables(database: IDBPDatabase): void {
  for (const table of ALL_TABLES) {
    if (database.objectStoreNames.contains(table)) continue;
    const store = database.createObjectStore(table, { keyPath: TABLES[table].key });
    for (const [index, path] of Object.entries<string | readonly string[]>(TABLES[table].indexes)) {
      store.createIndex(index, typeof path === 'string' ? path : [...path]);
    }
  }
}

async function transaction<R>(
  connection: IDBPDatabase,
  mode: 'readonly' | 'readwrite',
  tables: readonly Table[],
  body: (tx: Tx) => Promise<R>,
): Promise<R> {
  const tx = connection.transaction([...tables], mode, { durability: 'strict' });
  // A failed request rejects twice, once by itself and once here; the first is the one to report.
  const done = tx.done.then(
    () => null,
    (error: unknown) => error ?? new DOMException('the transaction was aborted', 'AbortError'),
  );
  try {
    const result = await body(inside(tx));
    const failure = await done;
    if (failure) throw failure;
    return result;
  } catch (error) {
    abort(tx);
    await done;
    throw error;
  }
}

type Open = IDBPTransaction<unknown, string[], 'readonly' | 'readwrite'>;
type Writable = IDBPObjectStore<unknown, string[], string, 'readwrite'>;
type Source = IDBPObjectStore<unknown, string[], string, 'readonly'> | IDBPIndex<unknown, string[], string, string>;

function abort(tx: Open): void {
  try {
    tx.abort();
  } catch {
    // It has ended already.
  }
}

function inside(tx: Open): Tx {
  const writable = (table: Table) => tx.objectStore(table) as unknown as Writable;
  const source = <T extends Table>(table: T, read: Read<T>): Source => {
    const store = tx.objectStore(table) as unknown as IDBPObjectStore<unknown, string[], string, 'readonly'>;
    return read.index ? store.index(read.index) : store;
  };
  return {
    get: (table, key) => tx.objectStore(table).get(key),
    rows: (table, read = {}) =>
      read.backwards
        ? backwards(source(table, read), read)
        : (source(table, read).getAll(bounds(read.range), read.limit) as Promise<Rows[typeof table][]>),
    ids: (table, read = {}) => source(table, read).getAllKeys(bounds(read.range), read.limit) as Promise<string[]>,
    count: (table, read = {}) => source(table, read).count(bounds(read.range)),
    put: async (table, row) => {
      await writable(table).put(row);
    },
    delete: (table, key) => writable(table).delete(key),
    clear: (table) => writable(table).clear(),
  };
}

async function backwards<T extends Table>(source: Source, { range, limit = Infinity }: Read<T>): Promise<Rows[T][]> {
  const rows: Rows[T][] = [];
  let cursor = await source.openCursor(bounds(range) ?? null, 'prev');
  while (cursor && rows.length < limit) {
    rows.push(cursor.value as Rows[T]);
    cursor = rows.length < limit ? await cursor.continue() : null;
  }
  return rows;
}

function bounds(range: Range = {}): IDBKeyRange | undefined {
  const { from, to, fromOpen = false, toOpen = false } = range;
  if (from !== undefined && to !== undefined) return IDBKeyRange.bound(from, to, fromOpen, toOpen);
  if (from !== undefined) return IDBKeyRange.lowerBound(from, fromOpen);
  return to === undefined ? undefined : IDBKeyRange.upperBound(to, toOpen);
}
