/** What the views ask of the database: small reads through indexes. */

import { reach } from '../breaks';
import { hashOf } from '../fuzz';
import { type CardFace, faces, OPTIONAL, REQUIRED } from '../notes';
import {
  buildQueue,
  catchingUp,
  DEFAULT_LIMITS,
  type DeckLimits,
  isByMemory,
  newKey,
  type Queue,
  type QueueCard,
  reviewKey,
  type Today,
} from '../queue';
import type { CardRow, DeckRow, NewOrder, NoteRow, ReviewOrder, Settings } from '../wire';
import { DONE_TABLES, doneOn } from './done';
import { type Tx, under } from './engine';
import type { CardRecord, DeckRecord, JournalRecord, Rows, Table } from './tables';
import type { CardView, DeckCounts } from './types';

export const QUEUE_TABLES: readonly Table[] = ['decks', 'cards', ...DONE_TABLES];
const REVIEW = 2;

/** The row, unless it is deleted or was never here. */
export async function live<T extends 'decks' | 'notes' | 'cards'>(
  tx: Tx,
  table: T,
  id: string,
): Promise<Rows[T] | null> {
  const row = await tx.get(table, id);
  return row && !row.deleted ? row : null;
}

/** Decks that are not deleted, by position, name and id. */
export async function liveDecks(tx: Tx): Promise<DeckRecord[]> {
  const decks = (await tx.rows('decks')).filter((deck) => !deck.deleted);
  return decks.sort(
    (a, b) => a.position - b.position || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) || (a.id < b.id ? -1 : 1),
  );
}

export function journalOf(tx: Tx, day: number): Promise<JournalRecord[]> {
  return tx.rows('journal', { index: 'day', range: { from: [day, 0], to: [day, Number.MAX_SAFE_INTEGER] } });
}

/** The face of a card, also for a note whose fields make no cards (from another program, or broken by an edit elsewhere). */
export function faceOf(note: NoteRow, ordinal: number): CardFace {
  const side = note.sides?.find((each) => each.ordinal === ordinal);
  if (side) return { ...side, note: '' };
  try {
    const face = note.kind !== 'anki' && faces(note.kind, note.fields).find((each) => each.ordinal === ordinal);
    if (face) return face;
  } catch {
    // Shown as it is, so that the learner can see and mend it.
  }
  // By name, where we know the names: a database may give the fields in an order of its own.
  const names = note.kind === 'anki' ? Object.keys(note.fields) : [...REQUIRED[note.kind], ...OPTIONAL[note.kind]];
  const [front = '', back = '', ...rest] = names.map((name) => note.fields[name] ?? '');
  return { ordinal, front, back, note: rest.filter(Boolean).join('\n') };
}

export async function viewOf(tx: Tx, cardId: string): Promise<CardView | null> {
  const card = await tx.get('cards', cardId);
  const note = card && (await tx.get('notes', card.note_id));
  const deck = card && (await tx.get('decks', card.deck_id));
  if (!card || !note || !deck || card.deleted || note.deleted || deck.deleted) return null;
  const { front, back, note: extra } = faceOf(note, card.ordinal);
  return { card, note, deck, front, back, extra };
}

// --- the queue ---------------------------------------------------------------------------------------------------

export interface QueueQuestion {
  day: number;
  now: number;
  settings: Settings;
  /** How likely a card is known today; asked for only where that orders the reviews. */
  recall: (card: CardRow) => number | null;
  deckId?: string | undefined;
  /** New cards beyond the day's limits. */
  more?: number | undefined;
}

function limitsOf({ options }: DeckRow): DeckLimits {
  return {
    new_per_day: options.new_per_day ?? DEFAULT_LIMITS.new_per_day,
    reviews_per_day: options.reviews_per_day ?? DEFAULT_LIMITS.reviews_per_day,
    new_order: options.new_order ?? DEFAULT_LIMITS.new_order,
    review_order: options.review_order ?? DEFAULT_LIMITS.review_order,
    mix: options.mix ?? DEFAULT_LIMITS.mix,
  };
}

/** Today's queue of one deck or of all; equal to `buildQueue` over every card, but reads only as far as limits reach. */
export async function queueOf(tx: Tx, question: QueueQuestion): Promise<Queue> {
  const decks = (await liveDecks(tx)).filter(({ id }) => question.deckId === undefined || id === question.deckId);
  const today = await todayOf(tx, question);
  const limits = new Map(decks.map((deck) => [deck.id, limitsOf(deck)]));
  const total = totalOf(decks, question);
  raise(question.more ?? 0, limits, total, today);
  const depth = new Map<string, number>();
  for (;;) {
    const read = await candidates(tx, decks, depth, question, total);
    const queue = buildQueue(read.cards, limits, total, today);
    const deeper = unfilled(read, queue, limits, total, today);
    if (deeper.length === 0) return queue;
    for (const { deck, kind } of deeper)
      depth.set(keyOf(deck, kind), 4 * (depth.get(keyOf(deck, kind)) ?? FIRST_DEPTH));
  }
}

type Kind = 'new' | 'review';

function keyOf(deck: string, kind: Kind): string {
  return `${deck} ${kind}`;
}

const FIRST_DEPTH = 64;

/** One deck alone follows its own orders; several follow the usual ones. */
function totalOf(decks: readonly DeckRow[], { settings, deckId }: QueueQuestion): DeckLimits {
  const [only] = deckId === undefined ? [] : decks;
  const total = {
    ...(only ? limitsOf(only) : DEFAULT_LIMITS),
    new_per_day: settings.new_per_day ?? DEFAULT_LIMITS.new_per_day,
    reviews_per_day: settings.reviews_per_day ?? DEFAULT_LIMITS.reviews_per_day,
  };
  return catchingUp(total, settings.catch_up);
}

function raise(more: number, limits: Map<string, DeckLimits>, total: DeckLimits, today: Today): void {
  if (more <= 0) return;
  let done = 0;
  for (const count of today.new_done.values()) done += count;
  total.new_per_day = Math.max(total.new_per_day, done) + more;
  for (const [deck, limit] of limits) {
    limits.set(deck, { ...limit, new_per_day: Math.max(limit.new_per_day, today.new_done.get(deck) ?? 0) + more });
  }
}

/** What was done today, on any device. */
async function todayOf(tx: Tx, { day, now, settings }: QueueQuestion): Promise<Today> {
  const done = await doneOn(tx, day, await journalOf(tx, day));
  const answered = await tx.rows('cards', { index: 'answered', range: { from: day, to: day } });
  const notes_answered = new Set(answered.map(({ note_id }) => note_id));
  return { day, now, ...done, notes_answered, breaks: settings.breaks ?? [] };
}

interface Cut {
  deck: string;
  kind: Kind;
  last: QueueCard;
}

interface Candidates {
  cards: QueueCard[];
  /** The reads that ended before the deck did, each with the last card that it gave. */
  cuts: Cut[];
}

async function candidates(
  tx: Tx,
  decks: readonly DeckRow[],
  depth: ReadonlyMap<string, number>,
  { day, recall, settings }: QueueQuestion,
  total: DeckLimits,
): Promise<Candidates> {
  const cards: QueueCard[] = [];
  const cuts: Cut[] = [];
  const last = reach(day, settings.breaks ?? []);
  for (const { id: deck } of decks) {
    cards.push(...(await tx.rows('cards', { index: 'learning', range: under(deck) })));
    for (const kind of ['review', 'new'] as const) {
      const limit = depth.get(keyOf(deck, kind)) ?? FIRST_DEPTH;
      const read =
        kind === 'new'
          ? await newCards(tx, deck, day, total.new_order, limit)
          : await dueReviews(tx, deck, { day, last }, total.review_order, limit);
      const end = read.at(-1);
      const isWhole = kind === 'review' && isByMemory(total.review_order);
      if (end && read.length >= limit && !isWhole) cuts.push({ deck, kind, last: end });
      cards.push(...read);
    }
  }
  if (!isByMemory(total.review_order)) return { cards, cuts };
  return { cards: (cards as CardRow[]).map((card) => ({ ...card, retrievability: recall(card) })), cuts };
}

async function dueReviews(
  tx: Tx,
  deck: string,
  { day, last }: { day: number; last: number },
  order: ReviewOrder,
  limit: number,
): Promise<CardRecord[]> {
  const range = { from: [deck], to: [deck, last] };
  if (order === 'due') return tx.rows('cards', { index: 'review', range, limit });
  if (order === 'random') return drawn(tx, await tx.ids('cards', { index: 'review', range }), day, limit);
  // Which card is most likely forgotten is known only from all that are due.
  return tx.rows('cards', { index: 'review', range });
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

/** The reads that ended too early: their deck could take more, and an unread card might come before one that was taken. */
function unfilled(
  { cards, cuts }: Candidates,
  queue: Queue,
  limits: ReadonlyMap<string, DeckLimits>,
  total: DeckLimits,
  today: Today,
): Cut[] {
  const chosen = new Set(queue.now);
  const order = { new: newKey(total.new_order, today.day), review: reviewKey(total.review_order, today.day) };
  const phase = { new: 0, review: REVIEW };
  return cuts.filter(({ deck, kind, last }) => {
    const room = roomOf(kind, limits.get(deck) ?? DEFAULT_LIMITS, today, deck);
    if ((queue.counts.get(deck)?.[kind] ?? 0) >= room) return false;
    const taken = cards.filter((card) => card.phase === phase[kind] && chosen.has(card.id));
    const isFull = taken.length >= roomOf(kind, total, today);
    return !isFull || taken.some((card) => isAfter(card, last, order[kind]));
  });
}

function isAfter(a: QueueCard, b: QueueCard, key: (card: QueueCard) => number): boolean {
  return key(a) > key(b) || (key(a) === key(b) && a.id > b.id);
}

/** How many more cards of a kind one deck, or all decks together, may show today. */
function roomOf(kind: Kind, limit: DeckLimits, today: Today, deck?: string): number {
  const [most, done] =
    kind === 'new' ? [limit.new_per_day, today.new_done] : [limit.reviews_per_day, today.reviews_done];
  if (deck !== undefined) return most - (done.get(deck) ?? 0);
  return most - [...done.values()].reduce((sum, count) => sum + count, 0);
}

/** What is left today and how many cards there are, for each deck. */
export async function countsOf(tx: Tx, question: QueueQuestion): Promise<Map<string, DeckCounts>> {
  const { counts } = await queueOf(tx, question);
  const none = { new: 0, learning: 0, review: 0 };
  const decks = await liveDecks(tx);
  const totals = decks.map(async ({ id }): Promise<[string, DeckCounts]> => {
    const total = await tx.count('cards', { index: 'deck', range: { from: id, to: id } });
    return [id, { ...(counts.get(id) ?? none), total }];
  });
  return new Map(await Promise.all(totals));
}

export function cardsOf(tx: Tx, noteId: string): Promise<CardRecord[]> {
  return tx.rows('cards', { index: 'note', range: { from: noteId, to: noteId } });
}

export async function liveCardsOf(tx: Tx, noteId: string): Promise<CardRow[]> {
  const cards = (await cardsOf(tx, noteId)).filter(({ deleted }) => !deleted);
  return cards.sort((a, b) => a.ordinal - b.ordinal);
}
