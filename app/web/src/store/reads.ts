/** What the views ask of the database: small reads through indexes. */
import { hashOf } from '../fuzz';
import { type CardFace, faces } from '../notes';
import { buildQueue, DEFAULT_LIMITS, type DeckLimits, type Queue, type Today } from '../queue';
import { retrievability } from '../schedule';
import type { CardRow, DeckRow, NewOrder, ParametersRow, ReviewOrder, Settings } from '../wire';
import { cardsOf } from './edits';
import { type Tx, under } from './engine';
import type { CardRecord, DeckRecord, JournalRecord, NoteRecord, Table } from './tables';
import type { CardView, DaySummary, DeckCounts } from './types';

export const QUEUE_TABLES: readonly Table[] = ['decks', 'cards', 'journal'];
const AGAIN = 1;
const REVIEW = 2;

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
export function faceOf(note: NoteRecord, ordinal: number): CardFace {
  try {
    const face = faces(note.kind, note.fields).find((each) => each.ordinal === ordinal);
    if (face) return face;
  } catch {
    // Shown as it is, so that the learner can see and mend it.
  }
  const [front = '', back = '', ...rest] = Object.values(note.fields);
  return { ordinal, front, back, note: rest.join('\n') };
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
  parameters: ParametersRow;
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
  const today = await todayOf(tx, question.day, question.now);
  const limits = new Map(decks.map((deck) => [deck.id, limitsOf(deck)]));
  const total = totalOf(decks, question);
  raise(question.more ?? 0, limits, total, today);
  const depth = new Map<string, number>();
  for (;;) {
    const read = await candidates(tx, decks, depth, question, total);
    const queue = buildQueue(read.cards, limits, total, today);
    const deeper = decks.flatMap(({ id }) => unfilled(id, queue, limits, today, read.cut));
    if (deeper.length === 0) return queue;
    for (const key of deeper) depth.set(key, (depth.get(key) ?? FIRST_DEPTH) * 4);
  }
}

const FIRST_DEPTH = 64;

/** One deck alone follows its own orders; several follow the usual ones. */
function totalOf(decks: readonly DeckRow[], { settings, deckId }: QueueQuestion): DeckLimits {
  const [only] = deckId === undefined ? [] : decks;
  return {
    ...(only ? limitsOf(only) : DEFAULT_LIMITS),
    new_per_day: settings.new_per_day ?? DEFAULT_LIMITS.new_per_day,
    reviews_per_day: settings.reviews_per_day ?? DEFAULT_LIMITS.reviews_per_day,
  };
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

/** What was done today: own answers by deck, and every note that any device answered. */
async function todayOf(tx: Tx, day: number, now: number): Promise<Today> {
  const newDone = new Map<string, number>();
  const reviewsDone = new Map<string, number>();
  for (const { event, undone, before, deck_id } of await journalOf(tx, day)) {
    if (undone || event.kind !== 'answer') continue;
    if (before.phase === 0) newDone.set(deck_id, (newDone.get(deck_id) ?? 0) + 1);
    if (before.phase === REVIEW) reviewsDone.set(deck_id, (reviewsDone.get(deck_id) ?? 0) + 1);
  }
  const answered = await tx.rows('cards', { index: 'answered', range: { from: day, to: day } });
  const notes = new Set(answered.map(({ note_id }) => note_id));
  return { day, now, new_done: newDone, reviews_done: reviewsDone, notes_answered: notes };
}

interface Candidates {
  cards: CardRecord[];
  /** Which reads ended before the deck did. */
  cut: ReadonlySet<string>;
}

async function candidates(
  tx: Tx,
  decks: readonly DeckRow[],
  depth: ReadonlyMap<string, number>,
  { day, parameters }: QueueQuestion,
  total: DeckLimits,
): Promise<Candidates> {
  const cards: CardRecord[] = [];
  const cut = new Set<string>();
  const limit = (key: string) => depth.get(key) ?? FIRST_DEPTH;
  const take = (key: string, read: readonly CardRecord[]) => {
    cards.push(...read);
    if (read.length >= limit(key)) cut.add(key);
  };
  for (const { id } of decks) {
    cards.push(...(await tx.rows('cards', { index: 'learning', range: under(id) })));
    take(`${id} review`, await dueReviews(tx, id, day, total.review_order, limit(`${id} review`)));
    take(`${id} new`, await newCards(tx, id, day, total.new_order, limit(`${id} new`)));
  }
  if (total.review_order !== 'retrievability') return { cards, cut };
  return { cards: cards.map((card) => ({ ...card, retrievability: retrievability(card, day, parameters) })), cut };
}

async function dueReviews(tx: Tx, deck: string, day: number, order: ReviewOrder, limit: number): Promise<CardRecord[]> {
  const range = { from: [deck], to: [deck, day] };
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

/** The reads of a deck that have to go deeper: they were cut, and the deck could still take more. */
function unfilled(
  deck: string,
  queue: Queue,
  limits: ReadonlyMap<string, DeckLimits>,
  today: Today,
  cut: ReadonlySet<string>,
): string[] {
  const limit = limits.get(deck) ?? DEFAULT_LIMITS;
  const counts = queue.counts.get(deck);
  const room = {
    new: limit.new_per_day - (today.new_done.get(deck) ?? 0),
    review: limit.reviews_per_day - (today.reviews_done.get(deck) ?? 0),
  };
  return (['new', 'review'] as const)
    .filter((kind) => (counts?.[kind] ?? 0) < room[kind])
    .map((kind) => `${deck} ${kind}`)
    .filter((key) => cut.has(key));
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

// --- looking back and ahead --------------------------------------------------------------------------------------

export async function summaryOf(tx: Tx, day: number): Promise<DaySummary> {
  const answers = (await journalOf(tx, day)).filter(({ event, undone }) => event.kind === 'answer' && !undone);
  const reviews = answers.filter(({ before }) => before.phase === REVIEW);
  const [tomorrow = 0] = await forecastOf(tx, day + 1, day + 1);
  return {
    day,
    answers: answers.length,
    reviewed: reviews.length,
    recalled: reviews.filter(({ event }) => event.rating !== AGAIN).length,
    duration_ms: answers.reduce((sum, { event }) => sum + event.duration_ms, 0),
    due_tomorrow: tomorrow,
  };
}

/** Cards that fall due on each day from `from` to `to`, steps of days included. */
export async function forecastOf(tx: Tx, from: number, to: number): Promise<number[]> {
  const decks = await liveDecks(tx);
  const due = Array.from({ length: Math.max(0, to - from + 1) }, async (_, ahead) => {
    const range = (id: string) => ({ from: [id, from + ahead], to: [id, from + ahead] });
    const counts = decks.flatMap(({ id }) => [
      tx.count('cards', { index: 'review', range: range(id) }),
      tx.count('cards', { index: 'learning', range: range(id) }),
    ]);
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  });
  return Promise.all(due);
}

export async function liveCardsOf(tx: Tx, noteId: string): Promise<CardRow[]> {
  const cards = (await cardsOf(tx, noteId)).filter(({ deleted }) => !deleted);
  return cards.sort((a, b) => a.ordinal - b.ordinal);
}
