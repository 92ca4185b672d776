/** Finding among all notes: a light list in memory, built when first asked for and thrown away when something changed. */
import { isLeech } from '../schedule';
import type { CardRow } from '../wire';
import type { Engine } from './engine';
import { liveCardsOf, liveDecks } from './reads';
import type { NoteRecord } from './tables';
import type { BrowseQuery, NotePage } from './types';

interface Line {
  id: string;
  deckId: string;
  text: string;
  position: number;
  states: ReadonlySet<string>;
}

const AT_ONCE = 1000;
const PAGE = 50;

/** Case, width and form make no difference to finding. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

export class Catalogue {
  private lines: Promise<Line[]> | null = null;

  constructor(private readonly engine: Engine) {}

  /** Something changed: the next question builds the list anew. */
  forget(): void {
    this.lines = null;
  }

  async browse({ deck_id, text = '', state, after, limit = PAGE }: BrowseQuery): Promise<NotePage> {
    this.lines ??= this.built();
    const lines = await this.lines;
    const words = folded(text).split(/\s+/).filter(Boolean);
    const found = lines.filter(
      (line) =>
        (deck_id === undefined || line.deckId === deck_id) &&
        (state === undefined || line.states.has(state)) &&
        words.every((word) => line.text.includes(word)),
    );
    const start = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1;
    const page = found.slice(start, start + limit);
    const items = await this.engine.run('readonly', ['notes', 'cards'], (tx) =>
      Promise.all(page.map(async ({ id }) => ({ note: await tx.get('notes', id), cards: await liveCardsOf(tx, id) }))),
    );
    const last = page.at(-1);
    return {
      items: items.flatMap(({ note, cards }) => (note ? [{ note, cards }] : [])),
      next: last && start + limit < found.length ? last.id : null,
    };
  }

  private async built(): Promise<Line[]> {
    const decks = await this.engine.run('readonly', ['decks'], liveDecks);
    const order = new Map(decks.map(({ id }, place) => [id, place]));
    const lines = new Map<string, Line & { states: Set<string> }>();
    for await (const note of this.all('notes')) {
      if (!note.deleted && order.has(note.deck_id)) lines.set(note.id, lineOf(note));
    }
    for await (const card of this.all('cards')) {
      const line = lines.get(card.note_id);
      if (!line || card.deleted) continue;
      line.position = Math.min(line.position, card.position);
      for (const state of statesOf(card)) line.states.add(state);
    }
    const rank = (line: Line) => order.get(line.deckId) ?? 0;
    return [...lines.values()].sort((a, b) => rank(a) - rank(b) || a.position - b.position || (a.id < b.id ? -1 : 1));
  }

  // Piece by piece, so that a large collection does not stop the page.
  private async *all<T extends 'notes' | 'cards'>(table: T) {
    for (let after = ''; ; ) {
      const rows = await this.engine.run('readonly', [table], (tx) =>
        tx.rows(table, { range: { from: after, fromOpen: true }, limit: AT_ONCE }),
      );
      yield* rows;
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
    }
  }
}

function lineOf(note: NoteRecord): Line & { states: Set<string> } {
  const text = folded([...Object.values(note.fields), ...note.tags].join('\n'));
  return { id: note.id, deckId: note.deck_id, text, position: Number.POSITIVE_INFINITY, states: new Set() };
}

function statesOf(card: CardRow): string[] {
  const phase = card.phase === 0 ? 'new' : card.phase === REVIEW ? 'review' : 'learning';
  const marks = [card.suspended && 'suspended', card.flag > 0 && 'flagged', isLeech(card) && 'leech'];
  return [phase, ...marks.filter((mark) => mark !== false)];
}

const REVIEW = 2;
