/**
 * The days of study as this device knows them: what the server last told, kept in a compact form, and this device's own answers that
 * were not in it. Each kept list says up to which of the device's own acts it counts.
 */
import { answersIn, COUNTERS, countsFrom, countsOf, type DayCounts, minus, NOTHING, plus } from '../stats';
import { readDevice } from './device';
import type { Engine, Tx } from './engine';
import type { JournalRecord, KeptDays } from './tables';

/** Names of kept lists: of all decks, and of single ones where the decks are too many to keep each. */
export const KEPT = 'stats:';
const WIDTH = 2 + COUNTERS.length;

export interface DayRow {
  day: number;
  /** Null where the decks of a day are added up. */
  deck_id: string | null;
  counts: DayCounts;
}

/** Days by learner day, of the decks that were asked for. */
export interface KnownDays {
  days: Map<number, DayCounts>;
  since: number | null;
  at: number;
}

/** Which decks, by their ids; null for all, deleted ones too. `list` names the kept list of a single deck. */
export interface Scope {
  decks: ReadonlySet<string> | null;
  list: string;
}

export const ALL_DECKS: Scope = { decks: null, list: '' };

export async function readKept(tx: Tx, list = ''): Promise<KeptDays | null> {
  return ((await tx.get('meta', KEPT + list))?.value as KeptDays | undefined) ?? null;
}

export function putKept(tx: Tx, kept: KeptDays, list = ''): Promise<void> {
  return tx.put('meta', { name: KEPT + list, value: kept });
}

/** Another learner's days, or days that are sent anew: the journal tells what is left. */
export async function forgetKept(tx: Tx): Promise<void> {
  const lists = await tx.rows('meta', { range: { from: KEPT, to: `${KEPT}\uffff` } });
  for (const { name } of lists) await tx.delete('meta', name);
}

// --- the compact form --------------------------------------------------------------------------------------------

type Packed = Pick<KeptDays, 'decks' | 'rows'>;

export function packed(rows: readonly DayRow[]): Packed {
  const places = new Map<string, number>();
  const numbers = new Int32Array(rows.length * WIDTH);
  rows.forEach(({ day, deck_id, counts }, row) => {
    const deck = deck_id ?? '';
    const place = places.get(deck) ?? places.size;
    places.set(deck, place);
    numbers.set([day, place, ...COUNTERS.map((name) => counts[name])], row * WIDTH);
  });
  return { decks: [...places.keys()], rows: numbers };
}

/** Rows of the days that are wanted. */
export function unpacked({ decks, rows }: Packed, wanted: (day: number) => boolean = () => true): DayRow[] {
  const found: DayRow[] = [];
  for (let at = 0; at < rows.length; at += WIDTH) {
    const day = rows[at] ?? 0;
    if (!wanted(day)) continue;
    const counts = countsFrom((_name, place) => rows[at + 2 + place] ?? 0);
    found.push({ day, deck_id: decks[rows[at + 1] ?? 0] || null, counts });
  }
  return found;
}

/** Sums by day, without an object for each row: a year of twenty decks are thousands. */
function summed({ decks, rows }: Packed, isAsked: (deckId: string) => boolean): Map<number, DayCounts> {
  const asked = decks.map(isAsked);
  const sums = new Map<number, number[]>();
  for (let at = 0; at < rows.length; at += WIDTH) {
    if (!asked[rows[at + 1] ?? 0]) continue;
    const day = rows[at] ?? 0;
    const sum = sums.get(day) ?? COUNTERS.map(() => 0);
    sums.set(day, sum);
    for (let place = 0; place < COUNTERS.length; place++) sum[place] = (sum[place] ?? 0) + (rows[at + 2 + place] ?? 0);
  }
  return new Map([...sums].map(([day, sum]) => [day, countsFrom((_name, place) => sum[place] ?? 0)]));
}

// --- reading -----------------------------------------------------------------------------------------------------

/** Everything that is known of a scope. The journal is read in pieces: a phone that was never online holds all of it. */
export async function knownDays(engine: Engine, scope: Scope): Promise<KnownDays> {
  const { decks } = scope;
  const kept = await engine.run('readonly', ['meta'], (tx) => keptFor(tx, scope));
  const days = kept ? summed(kept, (id) => !decks || kept.by === 'day' || decks.has(id)) : new Map<number, DayCounts>();
  for (const { day, deck_id, counts } of await ownRows(engine, kept?.counted ?? 0)) {
    if (!decks || decks.has(deck_id ?? '')) days.set(day, plus(days.get(day) ?? NOTHING, counts));
  }
  for (const [day, counts] of days) if (answersIn(counts) <= 0) days.delete(day);
  return { days, since: kept?.since ?? null, at: kept?.at ?? 0 };
}

const AT_ONCE = 400;

async function ownRows(engine: Engine, counted: number): Promise<DayRow[]> {
  const own = new OwnSince(counted);
  for (let after: [number, number] | null = [Number.MIN_SAFE_INTEGER, 0]; after; ) {
    const entries = await piece(engine, after);
    own.take(entries);
    const last = entries.at(-1);
    after = last && entries.length >= AT_ONCE ? [last.day, last.n] : null;
  }
  return own.rows();
}

function piece(engine: Engine, after: [number, number]): Promise<JournalRecord[]> {
  return engine.run('readonly', ['journal'], (tx) =>
    tx.rows('journal', { index: 'day', range: { from: after, fromOpen: true }, limit: AT_ONCE }),
  );
}

/** What is known of one day of all decks, `entries` being this device's own of it. */
export async function countsOn(tx: Tx, day: number, entries: readonly JournalRecord[]): Promise<DayCounts> {
  const kept = await readKept(tx);
  const told = kept ? unpacked(kept, (each) => each === day) : [];
  const own = new OwnSince(kept?.counted ?? 0);
  own.take(entries);
  return [...told, ...own.rows()].reduce((sum, { counts }) => plus(sum, counts), NOTHING);
}

/** The list that answers for a scope: that of all decks where it tells them apart, else the deck's own. */
async function keptFor(tx: Tx, { decks, list }: Scope): Promise<KeptDays | null> {
  const all = await readKept(tx);
  return !decks || all?.by === 'deck' ? all : readKept(tx, list);
}

/** What own acts after the last counted one change: answers that stand, and counted ones that were taken back since. */
class OwnSince {
  private readonly standing: DayRow[] = [];
  private readonly undone = new Map<string, DayRow>();
  private readonly takenBack = new Set<unknown>();

  constructor(private readonly counted: number) {}

  take(entries: readonly JournalRecord[]): void {
    for (const { id, n, event, undone, day, deck_id, before } of entries) {
      if (event.kind === 'undo' && n > this.counted) this.takenBack.add(event.data.event);
      if (event.kind !== 'answer') continue;
      const row = { day, deck_id, counts: countsOf(before, { ...event, day }) };
      if (n > this.counted && !undone) this.standing.push(row);
      if (n <= this.counted && undone) this.undone.set(id, row);
    }
  }

  rows(): DayRow[] {
    const gone = [...this.undone].filter(([id]) => this.takenBack.has(id));
    return [...this.standing, ...gone.map(([, row]) => ({ ...row, counts: minus(NOTHING, row.counts) }))];
  }
}

// --- writing -----------------------------------------------------------------------------------------------------

/** Own answers that leave the journal stay in the lists that did not count them. */
export async function keepPruned(tx: Tx, pruned: readonly JournalRecord[]): Promise<void> {
  const lists = await tx.rows('meta', { range: { from: KEPT, to: `${KEPT}\uffff` } });
  if (!lists.some(({ name }) => name === KEPT)) lists.push({ name: KEPT, value: nothingKept() });
  for (const { name, value } of lists) {
    const kept = value as KeptDays;
    const list = name.slice(KEPT.length);
    // What decks lie below a single one is not known here: its list is asked for anew.
    if (list !== '') await tx.delete('meta', name);
    else await putKept(tx, withRows(kept, pruned));
  }
}

function nothingKept(): KeptDays {
  return { since: null, at: 0, counted: 0, cursor: -1, by: 'deck', ...packed([]) };
}

function withRows(kept: KeptDays, pruned: readonly JournalRecord[]): KeptDays {
  const own = new OwnSince(kept.counted);
  own.take(pruned);
  const more = own.rows();
  const rows = more.map((row) => (kept.by === 'deck' ? row : { ...row, deck_id: null }));
  return more.length > 0 ? { ...kept, ...packed(added([...unpacked(kept), ...rows])) } : kept;
}

function added(rows: readonly DayRow[]): DayRow[] {
  const sums = new Map<string, DayRow>();
  for (const row of rows) {
    const key = `${row.day} ${row.deck_id}`;
    const known = sums.get(key);
    sums.set(key, known ? { ...row, counts: plus(known.counts, row.counts) } : row);
  }
  return [...sums.values()].sort((a, b) => a.day - b.day);
}

/** Where the device stands when the server is asked; null while it holds what the server may or may not have. */
export interface Mark {
  counted: number;
  cursor: number;
}

export async function markIn(tx: Tx): Promise<Mark | null> {
  const device = await readDevice(tx);
  if (!device || (await tx.count('outbox')) > 0) return null;
  return { counted: device.counter, cursor: device.cursor };
}

export type Told = Omit<KeptDays, 'decks' | 'rows'> & { rows: readonly DayRow[] };

/** Keeps what the server told, unless something was done on this device meanwhile: then nobody knows whether it is counted. */
export async function keepTold(tx: Tx, { rows, ...told }: Told, list: string): Promise<boolean> {
  const mark = await markIn(tx);
  if (mark?.counted !== told.counted) return false;
  await putKept(tx, { ...told, ...packed(rows) }, list);
  return true;
}
