/** The engine for browsers that forbid storage: the same behaviour, gone with the tab. */
import type { Engine, Key, Range, Read, Tx } from './engine';
import { ALL_TABLES, type Rows, TABLES, type Table } from './tables';

type Row = Record<string, unknown>;
type Contents = Map<Table, Map<number | string, Row>>;

export function openMemory(): Engine {
  const contents: Contents = new Map(ALL_TABLES.map((table) => [table, new Map()]));
  let last: Promise<unknown> = Promise.resolve();
  return {
    persistence: 'memory',
    run(_mode, _tables, body) {
      // One transaction after the other, as the browser would do for overlapping ones.
      const result = last.then(() => attempt(contents, body));
      last = result.catch(() => null);
      return result;
    },
    close() {},
  };
}

async function attempt<R>(contents: Contents, body: (tx: Tx) => Promise<R>): Promise<R> {
  const before: [Table, Map<number | string, Row>][] = [];
  const written = (table: Table): Map<number | string, Row> => {
    const rows = contents.get(table) ?? new Map();
    if (before.some(([name]) => name === table)) return rows;
    before.push([table, rows]);
    const copy = new Map(rows);
    contents.set(table, copy);
    return copy;
  };
  try {
    return await body(inside(contents, written));
  } catch (error) {
    for (const [table, rows] of before) contents.set(table, rows);
    throw error;
  }
}

function inside(contents: Contents, written: (table: Table) => Map<number | string, Row>): Tx {
  const found = <T extends Table>(table: T, read: Read<T> = {}): Rows[T][] => {
    const path = keyPath(table, read.index);
    const matches: { key: Key; row: Row }[] = [];
    for (const row of contents.get(table)?.values() ?? []) {
      const key = keyOf(row, path);
      if (key !== null && isWithin(key, read.range)) matches.push({ key, row });
    }
    matches.sort((a, b) => compareKeys(a.key, b.key));
    if (read.backwards) matches.reverse();
    return matches.slice(0, read.limit).map(({ row }) => structuredClone(row) as unknown as Rows[T]);
  };
  return {
    get: async (table, key) => structuredClone(contents.get(table)?.get(key)) as Rows[typeof table] | undefined,
    rows: async (table, read) => found(table, read),
    ids: async (table, read) => found(table, read).map(({ id }) => id),
    count: async (table, read) => found(table, read).length,
    put: async (table, row) => {
      const copy = structuredClone(row) as unknown as Row;
      written(table).set(copy[TABLES[table].key] as number | string, copy);
    },
    delete: async (table, key) => {
      written(table).delete(key);
    },
    clear: async (table) => written(table).clear(),
  };
}

function keyPath(table: Table, index: string | undefined): string | readonly string[] {
  const indexes: Readonly<Record<string, string | readonly string[]>> = TABLES[table].indexes;
  return (index === undefined ? undefined : indexes[index]) ?? TABLES[table].key;
}

function keyOf(row: Row, path: string | readonly string[]): Key | null {
  if (typeof path !== 'string') {
    const parts = path.map((name) => keyOf(row, name));
    return parts.includes(null) ? null : (parts as (number | string)[]);
  }
  const value = row[path];
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}

function isWithin(key: Key, { from, to, fromOpen, toOpen }: Range = {}): boolean {
  if (from !== undefined && compareKeys(key, from) < (fromOpen ? 1 : 0)) return false;
  return to === undefined || compareKeys(key, to) <= (toOpen ? -1 : 0);
}

/** The order of IndexedDB: numbers before text before lists. */
function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'object' && typeof b === 'object') {
    for (let place = 0; place < Math.min(a.length, b.length); place += 1) {
      const order = compareKeys(a[place] as Key, b[place] as Key);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  const rank = (key: Key) => (typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return a < b ? -1 : a > b ? 1 : 0;
}
