/** Which cards to show today, and in which order; the same as the server's `core/queue.py`. */
import { isDueWith } from './breaks';
import { hashOf } from './fuzz';
import { lineOf } from './levels';
import type { Break, CardRow, Mix, NewOrder, ReviewOrder } from './wire';

export const LOOK_AHEAD_MS = 20 * 60_000;

/** What the queue needs of a card. Suspended and buried cards may be given; they are left out. */
export type QueueCard = Pick<
  CardRow,
  'id' | 'note_id' | 'deck_id' | 'phase' | 'due_day' | 'due_at' | 'last_day' | 'position' | 'suspended' | 'buried_until'
> & { retrievability?: number | null };

/** Cards a day of a deck with all below it, and orders. The orders that count are those of the total. */
export interface DeckLimits {
  new_per_day: number;
  reviews_per_day: number;
  new_order: NewOrder;
  review_order: ReviewOrder;
  mix: Mix;
}

export const DEFAULT_LIMITS: DeckLimits = {
  new_per_day: 20,
  reviews_per_day: 200,
  new_order: 'position',
  review_order: 'due',
  mix: 'mix',
};

/** The learner day, the time (ms UTC), what was done today (by deck, and which notes were answered), and the breaks planned. */
export interface Today {
  day: number;
  now: number;
  new_done: ReadonlyMap<string, number>;
  reviews_done: ReadonlyMap<string, number>;
  notes_answered: ReadonlySet<string>;
  breaks: readonly Break[];
}

export interface LeftToday {
  new: number;
  learning: number;
  review: number;
}

/** `now` in the order to show; `later` the learning cards not yet due, by (due_at, id). */
export interface Queue {
  now: string[];
  later: { due_at: number; id: string }[];
  counts: Map<string, LeftToday>;
}

/**
 * How many more cards of a kind each deck may show today. A card takes one from its deck and from each deck above, whatever is studied:
 * no limit is ever exceeded. `done` counts for the deck and all above it.
 */
export class Room {
  private readonly used = new Map<string, number>();
  private readonly lines = new Map<string, readonly string[]>();

  constructor(
    private readonly capOf: (limits: DeckLimits) => number,
    private readonly limits: ReadonlyMap<string, DeckLimits>,
    done: ReadonlyMap<string, number>,
    private readonly above: ReadonlyMap<string, string>,
  ) {
    for (const [deck, count] of done) this.take(deck, count);
  }

  left(deckId: string): number {
    let least = Number.POSITIVE_INFINITY;
    for (const deck of this.line(deckId)) {
      least = Math.min(least, this.capOf(this.limits.get(deck) ?? DEFAULT_LIMITS) - this.usedOf(deck));
    }
    return least;
  }

  /** What counts against a deck's own limit. */
  usedOf(deckId: string): number {
    return this.used.get(deckId) ?? 0;
  }

  take(deckId: string, count = 1): void {
    for (const deck of this.line(deckId)) this.used.set(deck, this.usedOf(deck) + count);
  }

  private line(deckId: string): readonly string[] {
    const known = this.lines.get(deckId) ?? lineOf(deckId, this.above);
    this.lines.set(deckId, known);
    return known;
  }
}

export type RoomFor = (
  limits: ReadonlyMap<string, DeckLimits>,
  today: Today,
  above: ReadonlyMap<string, string>,
) => Room;

export const ROOM: { readonly new: RoomFor; readonly review: RoomFor } = {
  new: (limits, today, above) => new Room((limit) => limit.new_per_day, limits, today.new_done, above),
  review: (limits, today, above) => new Room((limit) => limit.reviews_per_day, limits, today.reviews_done, above),
};

const FLAT: ReadonlyMap<string, string> = new Map();

/**
 * Today's queue: due learning cards, then reviews and new cards in the order asked for.
 *
 * Reviews are chosen before new cards, and a note gives at most one card to both together; a note answered today gives none. Learning
 * cards know no limit. A deck without limits has the default ones, and limits hold for a deck with all below it, as `above` says
 * (levels.ts): also for decks of which no card is given. `total` caps all decks together and says the orders.
 */
export function buildQueue(
  cards: readonly QueueCard[],
  limits: ReadonlyMap<string, DeckLimits>,
  total: DeckLimits,
  today: Today,
  above: ReadonlyMap<string, string> = FLAT,
): Queue {
  const shown = cards.filter((card) => !card.suspended && !isBuried(card, today.day));
  const learning = sortedBy(
    shown.filter((card) => isLearning(card, today.day)),
    (card) => card.due_at ?? -1,
  );
  const notes = new Set(today.notes_answered);
  const reviews = pick(
    sortedBy(
      shown.filter((card) => card.phase === 2 && isDueWith(card, today.day, today.breaks)),
      reviewKey(total.review_order, today.day),
    ),
    ROOM.review(limits, today, above),
    total.reviews_per_day - sum(today.reviews_done.values()),
    notes,
  );
  const fresh = pick(
    sortedBy(
      shown.filter((card) => card.phase === 0),
      newKey(total.new_order, today.day),
    ),
    ROOM.new(limits, today, above),
    total.new_per_day - sum(today.new_done.values()),
    notes,
  );
  const ready = learning.filter((card) => card.due_at === null || card.due_at <= today.now);
  return {
    now: [...ready, ...mixed(fresh, reviews, total.mix)].map((card) => card.id),
    later: learning.flatMap(({ due_at, id }) => (due_at !== null && due_at > today.now ? [{ due_at, id }] : [])),
    counts: counted(fresh, learning, reviews),
  };
}

/**
 * The total of a learner who works a backlog off: so many reviews a day, what is still known before what is lost already, for that is
 * lost first by waiting.
 */
export function catchingUp(total: DeckLimits, perDay: number | null | undefined): DeckLimits {
  if (perDay === null || perDay === undefined) return total;
  return { ...total, reviews_per_day: Math.min(total.reviews_per_day, perDay), review_order: 'known' };
}

/** Orders that only the memory of all due cards can tell. */
export function isByMemory(order: ReviewOrder): boolean {
  return order === 'retrievability' || order === 'known';
}

/** The card to show at `now`: a learning card that came due, the queue, else one due soon. */
export function nextCard(
  queue: {
    readonly now: readonly string[];
    readonly later: readonly { readonly due_at: number; readonly id: string }[];
  },
  now: number,
  lookAheadMs: number = LOOK_AHEAD_MS,
): string | null {
  const soonest = queue.later[0];
  if (soonest && soonest.due_at <= now) return soonest.id;
  if (queue.now[0] !== undefined) return queue.now[0];
  return soonest && soonest.due_at <= now + lookAheadMs ? soonest.id : null;
}

function isBuried(card: QueueCard, day: number): boolean {
  return card.buried_until !== null && day < card.buried_until;
}

function isDue(card: QueueCard, day: number): boolean {
  return card.due_day !== null && card.due_day <= day;
}

/** Steps within a day belong to today; steps of whole days only once their day has come. */
function isLearning(card: QueueCard, day: number): boolean {
  return (card.phase === 1 || card.phase === 3) && (card.due_at !== null || isDue(card, day));
}

/** Longest due first, shuffled anew each day, the one most likely forgotten first, or the one least likely. */
export function reviewKey(order: ReviewOrder, day: number): (card: QueueCard) => number {
  if (order === 'random') return (card) => hashOf(card.id, day);
  if (order === 'retrievability') return (card) => card.retrievability ?? 0;
  if (order === 'known') return (card) => -(card.retrievability ?? 0);
  return (card) => card.due_day ?? 0;
}

export function newKey(order: NewOrder, day: number): (card: QueueCard) => number {
  return order === 'random' ? (card) => hashOf(card.id, day) : (card) => card.position;
}

/** By the key, then by id. */
function sortedBy(cards: readonly QueueCard[], keyOf: (card: QueueCard) => number): QueueCard[] {
  return cards
    .map((card) => ({ key: keyOf(card), card }))
    .sort((a, b) => a.key - b.key || (a.card.id < b.card.id ? -1 : 1))
    .map(({ card }) => card);
}

/** The first cards for which their deck has room and the total has some left, one a note. `notes` learns the notes taken. */
function pick(ordered: readonly QueueCard[], room: Room, left: number, notes: Set<string>): QueueCard[] {
  const picked: QueueCard[] = [];
  for (const card of ordered) {
    if (picked.length >= left) break;
    if (notes.has(card.note_id) || room.left(card.deck_id) <= 0) continue;
    picked.push(card);
    notes.add(card.note_id);
    room.take(card.deck_id);
  }
  return picked;
}

/** Both lists in their own orders: one after the other, or the shorter spread evenly over the longer. */
function mixed(fresh: readonly QueueCard[], reviews: readonly QueueCard[], mix: Mix): QueueCard[] {
  if (mix === 'new-first') return [...fresh, ...reviews];
  if (mix === 'reviews-first') return [...reviews, ...fresh];
  // The middle of each card's share of the whole, brought to the common denominator 2 * new * reviews; sort is stable.
  const places = [
    ...reviews.map((card, i) => ({ at: (2 * i + 1) * fresh.length, card })),
    ...fresh.map((card, i) => ({ at: (2 * i + 1) * reviews.length, card })),
  ];
  return places.sort((a, b) => a.at - b.at).map(({ card }) => card);
}

function counted(
  fresh: readonly QueueCard[],
  learning: readonly QueueCard[],
  reviews: readonly QueueCard[],
): Map<string, LeftToday> {
  const counts = new Map<string, LeftToday>();
  const groups = [
    ['new', fresh],
    ['learning', learning],
    ['review', reviews],
  ] as const;
  for (const [name, cards] of groups) {
    for (const { deck_id } of cards) {
      const count = counts.get(deck_id) ?? { new: 0, learning: 0, review: 0 };
      count[name] += 1;
      counts.set(deck_id, count);
    }
  }
  return counts;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
