// The decks that the server ships, and adding them.
import { signal } from '@preact/signals';
import { syncNow } from './device';
import { ask, introduce } from './server';

export interface CatalogueItem {
  slug: string;
  name: string;
  description: string;
  language: string;
  version: string | number;
  notes: number;
  cards: number;
  added: { deck_id: string; version: string | number } | null;
}

/** Slugs that are being added now. */
export const adding = signal<ReadonlySet<string>>(new Set());

export async function catalogue(): Promise<CatalogueItem[]> {
  const { items } = await ask<{ items: CatalogueItem[] }>('GET', '/api/catalogue');
  return items;
}

/** Copies shipped decks into the learner's own space, or brings them up to date, and fetches their cards. */
export async function addDecks(slugs: readonly string[]): Promise<void> {
  adding.value = new Set([...adding.peek(), ...slugs]);
  try {
    await introduce();
    for (const slug of slugs) await ask('POST', `/api/catalogue/${encodeURIComponent(slug)}`);
    await syncNow();
  } finally {
    adding.value = new Set([...adding.peek()].filter((slug) => !slugs.includes(slug)));
  }
}
