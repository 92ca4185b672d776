/** How the cards of each deck stand, and when they come: one pass over all cards, piece by piece, so that nothing waits for it. */
import { isDueWith } from '../breaks';
import { isMature } from '../stats';
import type { Break, CardRow } from '../wire';
import type { Engine } from './engine';

/** Days ahead that are looked at, today included. */
export const AHEAD = 31;
export const STANDS = ['new', 'learning', 'young', 'mature', 'suspended'] as const;
export type Stand = (typeof STANDS)[number];
/** Forgotten so often, a card is worth a look. */
const COSTLY = 3;
const MOST_COSTLY = 10;
const AT_ONCE = 250;

export interface Costly {
  id: string;
  lapses: number;
}

export interface DeckCensus {
  stands: Record<Stand, number>;
  /** Cards by the days until they come; those that wait already are with today. */
  due: number[];
  /** Forgotten most often, the worst first. */
  costly: Costly[];
}

export type Census = ReadonlyMap<string, DeckCensus>;

export async function census(engine: Engine, today: number, breaks: readonly Break[]): Promise<Census> {
  const decks = new Map<string, DeckCensus>();
  for (let after = ''; ; ) {
    const cards = await engine.run('readonly', ['cards'], (tx) =>
      tx.rows('cards', { range: { from: after, fromOpen: true }, limit: AT_ONCE }),
    );
    for (const card of cards) if (!card.deleted) count(card, deckIn(decks, card.deck_id), today, breaks);
    const last = cards.at(-1);
    if (!last || cards.length < AT_ONCE) break;
    after = last.id;
  }
  return decks;
}

/** Of these decks together. */
export function censusOf(decks: Census, ids: Iterable<string>): DeckCensus {
  const all = emptyCensus();
  for (const id of ids) {
    const each = decks.get(id);
    if (!each) continue;
    for (const stand of STANDS) all.stands[stand] += each.stands[stand];
    each.due.forEach((cards, ahead) => {
      all.due[ahead] = (all.due[ahead] ?? 0) + cards;
    });
    all.costly.push(...each.costly);
  }
  return { ...all, costly: worst(all.costly) };
}

function deckIn(decks: Map<string, DeckCensus>, id: string): DeckCensus {
  const deck = decks.get(id) ?? emptyCensus();
  decks.set(id, deck);
  return deck;
}

function emptyCensus(): DeckCensus {
  return {
    stands: { new: 0, learning: 0, young: 0, mature: 0, suspended: 0 },
    due: Array.from({ length: AHEAD }, () => 0),
    costly: [],
  };
}

function count(card: CardRow, deck: DeckCensus, today: number, breaks: readonly Break[]): void {
  deck.stands[standOf(card)] += 1;
  if (card.lapses >= COSTLY) {
    deck.costly.push({ id: card.id, lapses: card.lapses });
    if (deck.costly.length > 10 * MOST_COSTLY) deck.costly = worst(deck.costly);
  }
  const ahead = comesOn(card, today, breaks);
  if (ahead !== null && ahead < AHEAD) deck.due[ahead] = (deck.due[ahead] ?? 0) + 1;
}

function worst(costly: readonly Costly[]): Costly[] {
  return [...costly].sort((a, b) => b.lapses - a.lapses || (a.id < b.id ? -1 : 1)).slice(0, MOST_COSTLY);
}

function standOf(card: CardRow): Stand {
  if (card.suspended) return 'suspended';
  if (card.phase === 0) return 'new';
  if (card.phase !== 2) return 'learning';
  return isMature(card) ? 'mature' : 'young';
}

/** In how many days a card that was answered comes, breaks and postponing counted in; null for one that does not come by itself. */
export function comesOn(card: CardRow, today: number, breaks: readonly Break[]): number | null {
  if (card.suspended || card.phase === 0 || card.due_day === null) return null;
  const dueDay = card.due_day;
  const earliest = Math.max(today, card.buried_until ?? today);
  const isOff = (day: number) => breaks.some(({ first, last }) => first <= day && day <= last);
  if (card.phase !== 2 || !isOff(dueDay)) return Math.max(dueDay, earliest) - today;
  for (let day = earliest; day < today + AHEAD; day++) {
    if ((day === today || !isOff(day)) && isDueWith(card, day, breaks)) return day - today;
  }
  return AHEAD;
}
