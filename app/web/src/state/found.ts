// What a search finds, kept in line with the database, and the rows that are on the screen.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { parse, SearchInvalid } from '../search';
import type { CardView, FoundCard, Order } from '../store';
import { store, today, version } from './device';

export type FoundCards =
  | { state: 'loading' }
  | { state: 'invalid'; problem: SearchInvalid }
  | { state: 'failed'; reason: string }
  | { state: 'ready'; search: string; cards: readonly FoundCard[] };

/** The cards of a search, in order; the old ones stay until the new ones are known. */
export function useFound(search: string, order: Order): FoundCards {
  const [found, setFound] = useState<FoundCards>({ state: 'loading' });
  const changes = version('cards') + version('content');
  const day = today.value;
  useEffect(() => {
    let current = true;
    store()
      .catalogue()
      .then((catalogue) => catalogue.find(search, order))
      .then(
        (cards) => current && setFound({ state: 'ready', search, cards }),
        (error: unknown) => current && setFound(troubleOf(error)),
      );
    return () => {
      current = false;
    };
  }, [search, order, changes, day]);
  return found;
}

function troubleOf(error: unknown): FoundCards {
  if (error instanceof SearchInvalid) return { state: 'invalid', problem: error };
  return { state: 'failed', reason: String(error) };
}

/** Why a search cannot be read, or null. */
export function problemOf(search: string): SearchInvalid | null {
  try {
    parse(search);
    return null;
  } catch (error) {
    if (error instanceof SearchInvalid) return error;
    throw error;
  }
}

/** Reads the cards of a window of the list, and again when something changed. */
export function useRows(cards: readonly FoundCard[]) {
  const [rows, setRows] = useState<ReadonlyMap<string, CardView>>(new Map());
  const window = useRef<readonly [number, number]>([0, 0]);
  const read = useCallback(
    (from: number, to: number) => {
      window.current = [from, to];
      const ids = cards.slice(from, to).map(({ id }) => id);
      void store()
        .catalogue()
        .then((catalogue) => catalogue.look(ids))
        .then((views) => setRows(new Map(views.map((view) => [view.card.id, view]))));
    },
    [cards],
  );
  const changes = version('cards') + version('content');
  useEffect(() => read(...window.current), [changes]);
  return { rows, read };
}
