/** The engine over IndexedDB. */
import type { Engine, Mode, Range, Read, Tx } from './engine';
import { StorageError, troubleOf } from './errors';
import { ALL_TABLES, type Rows, TABLES, type Table } from './tables';

/** 1: studying. 2: exams and their plans. 3: pictures and sounds. */
const VERSION = 3;

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

async function opened(name: string, onSuperseded: () => void): Promise<IDBDatabase> {
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

function connected(name: string, onSuperseded: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name, VERSION);
  request.onupgradeneeded = () => request.transaction && makeTables(request.result, request.transaction);
  return answered(request, (database) => {
    database.onversionchange = () => {
      database.close();
      onSuperseded();
    };
    return database;
  });
}

/** What a request of the database gives. */
function answered<T, R = T>(request: IDBRequest<T>, take: (result: T) => R = (result) => result as unknown as R) {
  return new Promise<R>((resolve, reject) => {
    request.onsuccess = () => resolve(take(request.result));
    request.onerror = () => reject(request.error);
  });
}

/** Null when the transaction is on the disk, else why it is not. */
function ended(tx: IDBTransaction): Promise<DOMException | null> {
  return new Promise((resolve) => {
    tx.oncomplete = () => resolve(null);
    tx.onabort = () => resolve(tx.error ?? new DOMException('the transaction was aborted', 'AbortError'));
  });
}

/** Makes the tables and indexes that are not there yet: an older database keeps its rows. */
function makeTables(database: IDBDatabase, upgrade: IDBTransaction): void {
  for (const table of ALL_TABLES) {
    const isThere = database.objectStoreNames.contains(table);
    const store = isThere
      ? upgrade.objectStore(table)
      : database.createObjectStore(table, { keyPath: TABLES[table].key });
    for (const [index, path] of Object.entries<string | readonly string[]>(TABLES[table].indexes)) {
      if (!store.indexNames.contains(index)) store.createIndex(index, typeof path === 'string' ? path : [...path]);
    }
  }
}

async function transaction<R>(
  connection: IDBDatabase,
  mode: Mode,
  tables: readonly Table[],
  body: (tx: Tx) => Promise<R>,
): Promise<R> {
  const durability = mode === 'relaxed' || mode === 'parting' ? 'relaxed' : 'strict';
  const tx = connection.transaction([...tables], mode === 'readonly' ? mode : 'readwrite', { durability });
  const done = ended(tx);
  try {
    const under = body(inside(tx));
    if (mode === 'parting') tx.commit();
    const result = await under;
    const failure = await done;
    if (failure) throw failure;
    return result;
  } catch (error) {
    abort(tx);
    await done;
    throw error;
  }
}

function abort(tx: IDBTransaction): void {
  try {
    tx.abort();
  } catch {
    // It has ended already.
  }
}

function inside(tx: IDBTransaction): Tx {
  const source = <T extends Table>(table: T, { index }: Read<T>) =>
    index ? tx.objectStore(table).index(index) : tx.objectStore(table);
  return {
    get: (table, key) => answered(tx.objectStore(table).get(key)),
    rows: (table, read = {}) =>
      read.backwards
        ? backwards(source(table, read), read)
        : answered(source(table, read).getAll(bounds(read.range), read.limit)),
    ids: (table, read = {}) =>
      answered(source(table, read).getAllKeys(bounds(read.range), read.limit), (keys) => keys as string[]),
    count: (table, read = {}) => answered(source(table, read).count(bounds(read.range))),
    put: (table, row) => answered(tx.objectStore(table).put(row), () => undefined),
    delete: (table, key) => answered(tx.objectStore(table).delete(key)),
    clear: (table) => answered(tx.objectStore(table).clear()),
  };
}

function backwards<T extends Table>(
  source: IDBObjectStore | IDBIndex,
  { range, limit = Number.POSITIVE_INFINITY }: Read<T>,
): Promise<Rows[T][]> {
  const rows: Rows[T][] = [];
  const request = source.openCursor(bounds(range) ?? null, 'prev');
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor) rows.push(cursor.value as Rows[T]);
      if (cursor && rows.length < limit) cursor.continue();
      else resolve(rows);
    };
  });
}

function bounds(range: Range = {}): IDBKeyRange | undefined {
  const { from, to, fromOpen = false, toOpen = false } = range;
  if (from !== undefined && to !== undefined) return IDBKeyRange.bound(from, to, fromOpen, toOpen);
  if (from !== undefined) return IDBKeyRange.lowerBound(from, fromOpen);
  return to === undefined ? undefined : IDBKeyRange.upperBound(to, toOpen);
}
