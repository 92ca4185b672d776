/** What the views ask of the database: small reads through indexes. */
import { type CardFace, faces, OPTIONAL, REQUIRED } from '../notes';
import type { CardRow, NoteRow } from '../wire';
import type { Tx } from './engine';
import type { CardRecord, DeckRecord, JournalRecord, Rows } from './tables';
import type { CardView } from './types';

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

export function cardsOf(tx: Tx, noteId: string): Promise<CardRecord[]> {
  return tx.rows('cards', { index: 'note', range: { from: noteId, to: noteId } });
}

export async function liveCardsOf(tx: Tx, noteId: string): Promise<CardRow[]> {
  const cards = (await cardsOf(tx, noteId)).filter(({ deleted }) => !deleted);
  return cards.sort((a, b) => a.ordinal - b.ordinal);
}
