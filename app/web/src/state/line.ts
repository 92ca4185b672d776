// The line of cards in front of a learner: a queue from the database, moved on by each answer without asking the database.
import type { CardRow } from '../wire';

export interface Left {
  readonly new: number;
  readonly learning: number;
  readonly review: number;
}

export interface Line {
  /** Ids that can be shown now, in order. */
  readonly now: readonly string[];
  /** Learning cards that come back later, earliest first. */
  readonly later: readonly { readonly due_at: number; readonly id: string }[];
  readonly left: Left;
}

function kindOf(card: CardRow): keyof Left {
  if (card.phase === 0) return 'new';
  return card.phase === 2 ? 'review' : 'learning';
}

/** The ids that are likely to come next, to be fetched before they are needed. */
export function soon(line: Line, count: number): string[] {
  return [...line.now.slice(0, count), ...line.later.slice(0, 2).map((card) => card.id)];
}

export function without(line: Line, id: string): Line {
  return {
    ...line,
    now: line.now.filter((each) => each !== id),
    later: line.later.filter((each) => each.id !== id),
  };
}

/** The card leaves the line, or comes back later within the day when `dueAt` is given. */
export function moved(line: Line, card: CardRow, dueAt: number | null): Line {
  const rest = without(line, card.id);
  const left = count(line.left, kindOf(card), -1);
  if (dueAt === null) return { ...rest, left };
  const later = [...rest.later, { due_at: dueAt, id: card.id }].sort((a, b) => a.due_at - b.due_at);
  return { ...rest, later, left: count(left, 'learning', 1) };
}

/** The card is in front again, as before an act that was taken back; `dueAt` is where that act had sent it. */
export function restored(line: Line, card: CardRow, dueAt: number | null): Line {
  const rest = without(line, card.id);
  const left = dueAt === null ? line.left : count(line.left, 'learning', -1);
  return { ...rest, now: [card.id, ...rest.now], left: count(left, kindOf(card), 1) };
}

function count(left: Left, kind: keyof Left, by: 1 | -1): Left {
  return { ...left, [kind]: Math.max(0, left[kind] + by) };
}

export function inLine(line: Line, id: string): boolean {
  return line.now.includes(id) || line.later.some((card) => card.id === id);
}
