/** Finding among all cards: a light list in memory, built when first asked for and kept in line with what changes. */
import { plain } from '../plain';
import { type Facts, folded, matches, parse } from '../search';
import type { CardRow, NoteRow } from '../wire';
import type { Engine } from './engine';
import { cardsOf, live, liveDecks, viewOf } from './reads';
import type { CardRecord, NoteRecord, Rows } from './tables';
import type { CardView, Finding, FoundCard, Order } from './types';

/** What is kept of a note; its cards share it. */
interface Text {
  tags: readonly string[];
  text: string;
  kind: string;
}

interface Line {
  id: string;
  noteId: string;
  deckId: string;
  note: Text;
  position: number;
  phase: number;
  suspended: boolean;
  buriedUntil: number | null;
  flag: number;
  dueDay: number | null;
  lastDay: number | null;
  lapses: number;
  reps: number;
  stability: number | null;
  difficulty: number | null;
}

const AT_ONCE = 1000;
/** With more changes than this the list is built anew. */
const MOST_CHANGES = 2000;
const ALIKE = 0.8;
const MOST_ALIKE = 5;
const LEAST_ASKED = 4;

export class Catalogue implements Finding {
  private lines: Promise<Map<string, Line>> | null = null;
  private sorted: { order: Order; of: Map<string, Line>; lines: readonly Line[] } | null = null;
  private changes = new Set<string>();
  /** Settled when all changes that somebody began to read are in the list. */
  private refreshed: Promise<void> = Promise.resolve();

  constructor(
    private readonly engine: Engine,
    private readonly today: () => number,
  ) {}

  /** These notes or cards changed; without names, anything may have. */
  changed(ids?: readonly string[]): void {
    for (const id of ids ?? []) this.changes.add(id);
    if (!ids || this.changes.size > MOST_CHANGES) this.forget();
  }

  private forget(): void {
    this.lines = null;
    this.sorted = null;
    this.changes.clear();
  }

  /** The cards that a search means, in order. Throws SearchInvalid. */
  async find(text: string, order: Order = 'deck'): Promise<FoundCard[]> {
    const search = parse(text);
    const lines = await this.inOrder(order);
    const decks = await this.engine.run('readonly', ['decks'], liveDecks);
    const names = new Map(decks.map(({ id, name }) => [id, folded(name)]));
    const found: FoundCard[] = [];
    const day = this.today();
    for (const line of lines) {
      const deck = names.get(line.deckId);
      if (deck !== undefined && matches(search, factsOf(line, deck, day)))
        found.push({ id: line.id, note_id: line.noteId });
    }
    return found;
  }

  /** What these cards show, without those that are gone. */
  async look(ids: readonly string[]): Promise<CardView[]> {
    const views = await this.engine.run('readonly', ['cards', 'notes', 'decks'], (tx) =>
      Promise.all(ids.map((id) => viewOf(tx, id))),
    );
    return views.filter((view) => view !== null);
  }

  notes(ids: readonly string[]): Promise<NoteRow[]> {
    return this.rows('notes', ids);
  }

  cards(ids: readonly string[]): Promise<CardRow[]> {
    return this.rows('cards', ids);
  }

  private async rows<T extends 'notes' | 'cards'>(table: T, ids: readonly string[]): Promise<Rows[T][]> {
    const found: Rows[T][] = [];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const part = ids.slice(at, at + AT_ONCE);
      const rows = await this.engine.run('readonly', [table], (tx) =>
        Promise.all(part.map((id) => live(tx, table, id))),
      );
      found.push(...rows.filter((row) => row !== null));
    }
    return found;
  }

  /** Notes that say nearly all of what `asked` says. */
  async alike(asked: string): Promise<NoteRow[]> {
    const pieces = piecesOf(folded(asked));
    if ([...asked.trim()].length < LEAST_ASKED || pieces.length === 0) return [];
    const lines = await this.current();
    const allowed = Math.floor(pieces.length * (1 - ALIKE));
    const found = new Set<string>();
    for (const { noteId, note } of lines.values()) {
      if (found.size >= MOST_ALIKE) break;
      if (!found.has(noteId) && holdsNearly(note.text, pieces, allowed)) found.add(noteId);
    }
    return this.notes([...found]);
  }

  private async inOrder(order: Order): Promise<readonly Line[]> {
    const lines = await this.current();
    if (this.sorted?.order === order && this.sorted.of === lines) return this.sorted.lines;
    const decks = await this.engine.run('readonly', ['decks'], liveDecks);
    const rank = new Map(decks.map(({ id }, place) => [id, place]));
    const inDecks = byDeck(rank);
    const compare = ORDERS[order];
    const sorted = [...lines.values()].sort((a, b) => compare(a, b) || inDecks(a, b));
    this.sorted = { order, of: lines, lines: sorted };
    return sorted;
  }

  private async current(): Promise<Map<string, Line>> {
    this.lines ??= this.building();
    const lines = await this.lines;
    if (this.changes.size > 0) {
      const changes = [...this.changes];
      this.changes.clear();
      const reading = this.refreshed.then(() => this.refresh(lines, changes));
      this.refreshed = reading.catch(() => this.forget());
      await reading;
    }
    // Who asks while another reads the changes needs them just as much.
    await this.refreshed;
    return lines;
  }

  /** Reads the changed notes again, with all their cards. */
  private async refresh(lines: Map<string, Line>, changes: readonly string[]): Promise<void> {
    const fresh = await this.engine.run('readonly', ['notes', 'cards'], async (tx) => {
      const read = new Map<string, { note: NoteRecord | undefined; cards: CardRecord[] }>();
      for (const id of changes) {
        const noteId = (await tx.get('cards', id))?.note_id ?? lines.get(id)?.noteId ?? id;
        if (!read.has(noteId))
          read.set(noteId, { note: await tx.get('notes', noteId), cards: await cardsOf(tx, noteId) });
      }
      return read;
    });
    const gone = new Set(fresh.keys());
    for (const [id, line] of lines) if (gone.has(line.noteId)) lines.delete(id);
    for (const { note, cards } of fresh.values()) {
      if (!note || note.deleted) continue;
      const text = textOf(note);
      for (const card of cards) if (!card.deleted) lines.set(card.id, lineOf(card, text));
    }
    this.sorted = null;
  }

  /** A list that could not be read is no list: the next search reads again. */
  private building(): Promise<Map<string, Line>> {
    const lines = this.built();
    lines.catch(() => {
      if (this.lines === lines) this.forget();
    });
    return lines;
  }

  private async built(): Promise<Map<string, Line>> {
    this.changes.clear();
    const texts = new Map<string, Text>();
    for await (const note of this.all('notes')) if (!note.deleted) texts.set(note.id, textOf(note));
    const lines = new Map<string, Line>();
    for await (const card of this.all('cards')) {
      const text = texts.get(card.note_id);
      if (text && !card.deleted) lines.set(card.id, lineOf(card, text));
    }
    return lines;
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

function textOf({ fields, tags, kind, format }: NoteRecord): Text {
  const words = Object.values(fields).map((field) => (format === 'html' ? plain(field, format) : field));
  return { tags: tags.map(folded), text: folded([...words, ...tags].join('\n')), kind };
}

function lineOf(card: CardRow, note: Text): Line {
  return {
    id: card.id,
    noteId: card.note_id,
    deckId: card.deck_id,
    note,
    position: card.position,
    phase: card.phase,
    suspended: card.suspended,
    buriedUntil: card.buried_until,
    flag: card.flag,
    dueDay: card.phase === 0 ? null : card.due_day,
    lastDay: card.last_day,
    lapses: card.lapses,
    reps: card.reps,
    stability: card.stability,
    difficulty: card.difficulty,
  };
}

function factsOf(line: Line, deck: string, today: number): Facts {
  const { note, dueDay, lastDay, buriedUntil } = line;
  return {
    deck,
    tags: note.tags,
    text: note.text,
    kind: note.kind,
    phase: line.phase,
    suspended: line.suspended,
    buried: buriedUntil !== null && buriedUntil > today,
    flag: line.flag,
    due: dueDay === null ? null : dueDay - today,
    lapses: line.lapses,
    reps: line.reps,
    interval: dueDay === null || lastDay === null ? null : dueDay - lastDay,
    stability: line.stability,
    difficulty: line.difficulty,
  };
}

type Compare = (a: Line, b: Line) => number;

function byDeck(rank: ReadonlyMap<string, number>): Compare {
  const placeOf = (line: Line) => rank.get(line.deckId) ?? 0;
  return (a, b) => placeOf(a) - placeOf(b) || a.position - b.position || (a.id < b.id ? -1 : 1);
}

const NEVER = Number.MAX_SAFE_INTEGER;
const ORDERS: Readonly<Record<Order, Compare>> = {
  deck: () => 0,
  newest: (a, b) => (a.noteId < b.noteId ? 1 : a.noteId > b.noteId ? -1 : 0),
  due: (a, b) => (a.dueDay ?? NEVER) - (b.dueDay ?? NEVER),
  lapses: (a, b) => b.lapses - a.lapses,
  difficulty: (a, b) => (b.difficulty ?? 0) - (a.difficulty ?? 0),
  text: (a, b) => (a.note.text < b.note.text ? -1 : a.note.text > b.note.text ? 1 : 0),
};

/** Pairs of neighbouring Han characters and words of other scripts: as much of a text as can be looked for quickly. */
function piecesOf(text: string): string[] {
  const pieces = new Set<string>();
  for (const [run] of text.matchAll(/[\u3400-\u9fff]+|(?:(?![\u3400-\u9fff])[\p{L}\p{N}])+/gu)) {
    const isHan = /[\u3400-\u9fff]/.test(run);
    if (!isHan || run.length === 1) pieces.add(run);
    else for (let at = 0; at + 1 < run.length; at++) pieces.add(run.slice(at, at + 2));
  }
  return [...pieces];
}

function holdsNearly(text: string, pieces: readonly string[], allowed: number): boolean {
  let missing = 0;
  for (const piece of pieces) if (!text.includes(piece) && ++missing > allowed) return false;
  return true;
}
