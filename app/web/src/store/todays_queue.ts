/** Today's queue out of a bounded look at the indexes; equal to `buildQueue` over every card, but reads only as far as limits reach. */

import { reach } from '../breaks';
import { valuesOf } from '../deck_options';
import { hashOf } from '../fuzz';
import {
  buildQueue,
  catchingUp,
  DEFAULT_LIMITS,
  type DeckLimits,
  isByMemory,
  type LeftToday,
  newKey,
  type Queue,
  type QueueCard,
  ROOM,
  reviewKey,
  type Today,
} from '../queue';
import type { CardRow, NewOrder, ReviewOrder, Settings, WholeOptions } from '../wire';
import { DONE_TABLES, doneOn } from './done';
import { type Tx, under } from './engine';
import { journalOf, liveDecks } from './reads';
import { Shelf } from './shelf';
import type { CardRecord, Table } from './tables';
import type { DeckCounts, LeftOfDecks } from './types';

export const QUEUE_TABLES: readonly Table[] = ['decks', 'cards', ...DONE_TABLES];
/** Read beyond the limits at first, for siblings. */
const SPARE = 16;
const KINDS = ['new', 'review'] as const;

type Kind = (typeof KINDS)[number];

export interface QueueQuestion {
  day: number;
  now: number;
  settings: Settings;
  /** The options of decks that nothing is said about. */
  usual: WholeOptions;
  /** How likely a card is known today; asked for only where that orders the reviews. */
  recall: (card: CardRow) => number | null;
  deckId?: string | undefined;
  /** New cards beyond the day's limits. */
  more?: number | undefined;
}

/** What is studied: one deck with all below it, or all decks. */
interface Asked {
  decks: readonly string[];
  total: DeckLimits;
  /** How much of each read it looks at: less than others may have read of the same deck. */
  depth: Map<string, number>;
}

interface Read {
  deck: string;
  kind: Kind;
  order: NewOrder | ReviewOrder;
}

interface Found {
  read: Read;
  cards: readonly QueueCard[];
  /** The last card of a read that ended before the deck did. */
  last: QueueCard | null;
}

interface Search {
  tx: Tx;
  question: QueueQuestion;
  shelf: Shelf;
  below: ReadonlyMap<string, readonly string[]>;
  today: Today;
  limits: Map<string, DeckLimits>;
  learning: readonly CardRecord[];
  found: Map<string, Found>;
}

/** Today's queue of one deck with all below it, or of all. */
export async function queueOf(tx: Tx, question: QueueQuestion): Promise<Queue> {
  const search = await begun(tx, question);
  const asked = question.deckId === undefined ? everything(search) : deckAsked(search, question.deckId);
  raise(question.more ?? 0, search, asked);
  const [queue] = await answered(search, [asked]);
  return queue as Queue;
}

/** What is left today of all decks, and of each by itself: as its own queue has it. With the number of all cards. */
export async function countsOf(tx: Tx, question: QueueQuestion): Promise<LeftOfDecks> {
  const search = await begun(tx, question);
  const ids = search.shelf.decks.map(({ id }) => id);
  const asked = [everything(search), ...ids.map((id) => deckAsked(search, id))];
  const [all, ...each] = (await answered(search, asked)).map(leftIn);
  const cards = await Promise.all(ids.map((id) => tx.count('cards', { index: 'deck', range: { from: id, to: id } })));
  const own = new Map(ids.map((id, place) => [id, cards[place] ?? 0]));
  const decks = ids.map((id, place): [string, DeckCounts] => {
    const total = (search.below.get(id) ?? []).reduce((sum, below) => sum + (own.get(below) ?? 0), 0);
    return [id, { ...(each[place] ?? NOTHING), total }];
  });
  return { all: all ?? NOTHING, decks: new Map(decks), begun: search.today.notes_answered.size > 0 };
}

const NOTHING: LeftToday = { new: 0, learning: 0, review: 0 };

/** What a queue has left, of all its decks. */
export function leftIn({ counts }: { counts: ReadonlyMap<string, LeftToday> }): LeftToday {
  return [...counts.values()].reduce(
    (all, each) => ({
      new: all.new + each.new,
      learning: all.learning + each.learning,
      review: all.review + each.review,
    }),
    NOTHING,
  );
}

async function begun(tx: Tx, question: QueueQuestion): Promise<Search> {
  const shelf = new Shelf(await liveDecks(tx));
  const today = await todayOf(tx, question);
  const limits = new Map(
    shelf.decks.map(({ id }): [string, DeckLimits] => [id, valuesOf(shelf.options(id, question.usual))]),
  );
  const learning = await tx.rows('cards', { index: 'learning' });
  return { tx, question, shelf, below: shelf.below(), today, limits, learning, found: new Map() };
}

/** What was done today, on any device. */
async function todayOf(tx: Tx, { day, now, settings }: QueueQuestion): Promise<Today> {
  const done = await doneOn(tx, day, await journalOf(tx, day));
  const cards = await tx.rows('cards', { index: 'answered', range: { from: day, to: day } });
  const notes_answered = new Set(cards.map(({ note_id }) => note_id));
  return { day, now, ...done, notes_answered, breaks: settings.breaks ?? [] };
}

function everything({ shelf, question }: Search): Asked {
  return { decks: shelf.decks.map(({ id }) => id), total: totalOf(question, DEFAULT_LIMITS), depth: new Map() };
}

/** A deck is studied in its own orders; several follow the usual ones. */
function deckAsked({ below, limits, question }: Search, deckId: string): Asked {
  return {
    decks: below.get(deckId) ?? [],
    total: totalOf(question, limits.get(deckId) ?? DEFAULT_LIMITS),
    depth: new Map(),
  };
}

function totalOf({ settings }: QueueQuestion, { new_order, review_order, mix }: DeckLimits): DeckLimits {
  const { new_per_day, reviews_per_day } = { ...DEFAULT_LIMITS, ...settings };
  return catchingUp({ new_per_day, reviews_per_day, new_order, review_order, mix }, settings.catch_up);
}

function raise(more: number, { limits, today, shelf }: Search, { total }: Asked): void {
  if (more <= 0) return;
  const room = ROOM.new(limits, today, shelf.above);
  total.new_per_day = Math.max(total.new_per_day, sum(today.new_done)) + more;
  for (const [deck, limit] of limits) {
    limits.set(deck, { ...limit, new_per_day: Math.max(limit.new_per_day, room.usedOf(deck)) + more });
  }
}

/** How many more cards of a kind all decks together may show. */
function totalRoom(kind: Kind, total: DeckLimits, today: Today): number {
  return kind === 'new' ? total.new_per_day - sum(today.new_done) : total.reviews_per_day - sum(today.reviews_done);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}

/** Reads deeper until no card that was left unread could be in any of the queues. */
async function answered(search: Search, asked: readonly Asked[]): Promise<Queue[]> {
  const queues: Queue[] = [];
  let wanted = firstReads(search, asked);
  for (;;) {
    const found = await Promise.all([...wanted.values()].map(([read, depth]) => lookedUp(search, read, depth)));
    for (const each of found) search.found.set(keyOf(each.read), each);
    wanted = new Map();
    const open = asked.filter((each, place) => {
      queues[place] ??= built(search, each);
      const short = tooShort(search, each, queues[place]);
      for (const { read, cards } of short) lookDeeper(search, each, read, 4 * cards.length + SPARE, wanted);
      if (short.length > 0) delete queues[place];
      return short.length > 0;
    });
    if (open.length === 0) return queues;
  }
}

function lookDeeper(
  { found }: Search,
  asked: Asked,
  read: Read,
  depth: number,
  wanted: Map<string, [Read, number]>,
): void {
  const key = keyOf(read);
  asked.depth.set(key, depth);
  const known = found.get(key);
  const enough = known && (known.last === null || known.cards.length >= depth);
  if (!enough) wanted.set(key, [read, Math.max(depth, wanted.get(key)?.[1] ?? 0)]);
}

/** What a question sees of a read. */
function seen({ found }: Search, asked: Asked, read: Read): Found | undefined {
  const known = found.get(keyOf(read));
  const depth = asked.depth.get(keyOf(read)) ?? 0;
  if (!known || depth >= known.cards.length || isByMemory(read.order as ReviewOrder)) return known;
  const cards = known.cards.slice(0, depth);
  return { read, cards, last: cards.at(-1) ?? null };
}

function readsOf({ decks, total }: Asked): Read[] {
  const order = { new: total.new_order, review: total.review_order };
  return decks.flatMap((deck) => KINDS.map((kind) => ({ deck, kind, order: order[kind] })));
}

function keyOf({ deck, kind, order }: Read): string {
  return `${deck} ${kind} ${order}`;
}

/** A deck that is studied by itself may have to give all that its room allows; of many together each gives about its share. */
function firstReads({ limits, today, shelf }: Search, asked: readonly Asked[]): Map<string, [Read, number]> {
  const wanted = new Map<string, [Read, number]>();
  const rooms = { new: ROOM.new(limits, today, shelf.above), review: ROOM.review(limits, today, shelf.above) };
  for (const each of asked) {
    const count = each.decks.length;
    for (const read of readsOf(each)) {
      const total = totalRoom(read.kind, each.total, today);
      const room = Math.min(rooms[read.kind].left(read.deck), total);
      if (room <= 0) continue;
      const depth = Math.min(room, Math.ceil((2 * total) / count)) + Math.ceil(SPARE / count);
      each.depth.set(keyOf(read), depth);
      wanted.set(keyOf(read), [read, Math.max(depth, wanted.get(keyOf(read))?.[1] ?? 0)]);
    }
  }
  return wanted;
}

async function lookedUp({ tx, question }: Search, read: Read, limit: number): Promise<Found> {
  const { deck, kind, order } = read;
  if (kind === 'new') {
    const cards = await newCards(tx, deck, question.day, order as NewOrder, limit);
    return { read, cards, last: cards.length >= limit ? (cards.at(-1) ?? null) : null };
  }
  const range = { from: [deck], to: [deck, reach(question.day, question.settings.breaks ?? [])] };
  if (isByMemory(order as ReviewOrder)) {
    // Which card is most likely forgotten is known only from all that are due.
    const cards = await tx.rows('cards', { index: 'review', range });
    return { read, cards: cards.map((card) => ({ ...card, retrievability: question.recall(card) })), last: null };
  }
  const cards =
    order === 'due'
      ? await tx.rows('cards', { index: 'review', range, limit })
      : await drawn(tx, await tx.ids('cards', { index: 'review', range }), question.day, limit);
  return { read, cards, last: cards.length >= limit ? (cards.at(-1) ?? null) : null };
}

async function newCards(tx: Tx, deck: string, day: number, order: NewOrder, limit: number): Promise<CardRecord[]> {
  const range = under(deck);
  if (order === 'position') return tx.rows('cards', { index: 'fresh', range, limit });
  return drawn(tx, await tx.ids('cards', { index: 'fresh', range }), day, limit);
}

/** The first cards of the day's shuffle, from the ids alone. */
async function drawn(tx: Tx, ids: readonly string[], day: number, limit: number): Promise<CardRecord[]> {
  const places = ids.map((id) => ({ id, place: hashOf(id, day) }));
  places.sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
  const cards = await Promise.all(places.slice(0, limit).map(({ id }) => tx.get('cards', id)));
  return cards.filter((card) => card !== undefined);
}

function built(search: Search, asked: Asked): Queue {
  const { learning, limits, today, shelf } = search;
  const here = new Set(asked.decks);
  const read = readsOf(asked).flatMap((each) => seen(search, asked, each)?.cards ?? []);
  const steps = learning.filter(({ deck_id }) => here.has(deck_id));
  return buildQueue([...steps, ...read], limits, asked.total, today, shelf.above);
}

/**
 * The reads that ended too early: beyond them may be a card that comes before one that was taken. It matters only while its deck, those
 * above and the total have room after all cards that were taken up to there.
 */
function tooShort(search: Search, asked: Asked, queue: Queue): Found[] {
  const { limits, today, shelf } = search;
  const chosen = new Set(queue.now);
  const looked = readsOf(asked).flatMap((read) => seen(search, asked, read) ?? []);
  const keys = {
    new: newKey(asked.total.new_order, today.day),
    review: reviewKey(asked.total.review_order, today.day),
  };
  return KINDS.flatMap((kind) => {
    const compared = (a: QueueCard, b: QueueCard) =>
      keys[kind](a) - keys[kind](b) || (a.id < b.id ? -1 : +(a.id > b.id));
    const reads = looked.filter(({ read }) => read.kind === kind);
    const ends = reads.flatMap((each) => (each.last ? [{ each, last: each.last }] : []));
    ends.sort((a, b) => compared(a.last, b.last));
    const taken = ends.length > 0 ? reads.flatMap(({ cards }) => cards.filter(({ id }) => chosen.has(id))) : [];
    taken.sort(compared);
    const room = ROOM[kind](limits, today, shelf.above);
    let left = totalRoom(kind, asked.total, today);
    return ends.flatMap(({ each, last }) => {
      for (let next = taken[0]; next && compared(next, last) <= 0; next = taken[0]) {
        room.take(next.deck_id);
        left -= 1;
        taken.shift();
      }
      return left > 0 && room.left(each.read.deck) > 0 ? [each] : [];
    });
  });
}
