// The days of study over all devices: asked for when something may be new, kept on this device, read with its own answers on top.
import { signal } from '@preact/signals';
import { decksAbove, decksBelow } from '../levels';
import type { DayCounts } from '../stats';
import { ALL_DECKS, type DayRow, keepTold, type Mark, markIn, readKept, type Scope } from '../store/days';
import type { KeptDays } from '../store/tables';
import type { DeckRow } from '../wire';
import { store, syncNow } from './device';
import { ask } from './server';

export { ALL_DECKS, type KnownDays, knownDays } from '../store/days';

/** Goes up when the server has told something. */
export const daysTold = signal(0);

/** More than a year, so that every span and calendar page of one is whole. */
export const ASKED_DAYS = 400;
/** With more decks than this they are asked for added up, and one by one when they are looked at. */
const MOST_DECKS = 50;

/** One deck with all below it, or all. */
export function scopeOf(decks: readonly DeckRow[], deck: string): Scope {
  if (!deck) return ALL_DECKS;
  return { decks: new Set(decksBelow(decks, decksAbove(decks)).get(deck) ?? [deck]), list: deck };
}

/**
 * Asks the server for what this device does not know yet, and says whether all is known now. Whoever never synced does not become a
 * learner by it. Throws ServerTrouble.
 */
export async function renewDays(scope: Scope = ALL_DECKS): Promise<boolean> {
  if (!store().learner().id) return true;
  const { phase } = await syncNow();
  if (phase !== 'idle') return false;
  const by: KeptDays['by'] = (await store().decks()).length <= MOST_DECKS ? 'deck' : 'day';
  const list = by === 'deck' ? '' : scope.list;
  const { mark, kept } = await store().engine.run('readonly', ['meta', 'outbox'], async (tx) => ({
    mark: await markIn(tx),
    kept: await readKept(tx, list),
  }));
  if (!mark || isCurrent(kept, mark, by)) return mark !== null;
  const today = store().today();
  const from = today - ASKED_DAYS;
  const rows = await daysFrom(from, today + 1, by, list);
  const told = { ...mark, since: from, at: store().now(), by, rows };
  const isKept = await store().engine.run('relaxed', ['meta', 'outbox'], (tx) => keepTold(tx, told, list));
  if (!isKept) return false;
  // An answer of today may still be undone.
  await store().rememberDays([...new Set(rows.map(({ day }) => day))].filter((day) => day < today));
  daysTold.value++;
  return true;
}

function isCurrent(kept: KeptDays | null, mark: Mark, by: string): boolean {
  return kept?.by === by && kept.cursor === mark.cursor && kept.counted === mark.counted && kept.since !== null;
}

/** Days before those that are kept, of all decks of the scope together; nobody looks at them often. Throws ServerTrouble. */
export async function earlierDays(before: number, { list }: Scope): Promise<ReadonlyMap<number, DayCounts>> {
  const rows = await daysFrom(Math.max(0, before - ASKED_DAYS), before - 1, 'day', list);
  return new Map(rows.map(({ day, counts }) => [day, counts]));
}

async function daysFrom(from: number, to: number, by: 'deck' | 'day', deckId: string): Promise<DayRow[]> {
  const of = deckId && `&deck_id=${deckId}`;
  const path = `/api/stats/days?from=${Math.max(0, from)}&to=${to}&by=${by}${of}`;
  const { items } = await ask<{ items: (DayCounts & { day: number; deck_id: string | null })[] }>('GET', path);
  return items.map(({ day, deck_id, ...counts }) => ({ day, deck_id, counts }));
}
