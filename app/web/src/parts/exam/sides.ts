// The parts of an exam that two phones changed.
import type { ExamRow, Json } from '../../wire';

export interface Sides {
  field: string;
  kept: Json;
  other: Json;
}

export const SHOWN = ['name', 'day', 'time', 'minutes', 'days_off', 'target', 'buffer_days', 'decks'] as const;

/** Only what has words: the exam's own fields, and marks of cards ("cards.ID") and parts ("sections.KEY"). */
export function sidesOf({ conflict }: ExamRow): Sides[] {
  if (typeof conflict !== 'object' || conflict === null || Array.isArray(conflict)) return [];
  const marks = Object.keys(conflict).filter((field) => markOf(field) !== null);
  return [...SHOWN, ...marks].flatMap((field) => {
    const sides = conflict[field];
    if (typeof sides !== 'object' || sides === null || Array.isArray(sides)) return [];
    const { kept = null, other = null } = sides;
    return { field, kept, other };
  });
}

/** What a field of a conflict marks, null for a field of the exam itself. */
export function markOf(field: string): { of: 'cards' | 'sections'; key: string } | null {
  const [of = '', key] = split(field);
  return (of === 'cards' || of === 'sections') && key !== undefined ? { of, key } : null;
}

function split(field: string): [string, string?] {
  const dot = field.indexOf('.');
  return dot < 0 ? [field] : [field.slice(0, dot), field.slice(dot + 1)];
}

/** The change that makes one side of a conflict the exam's. */
export function chosen(field: string, value: Json): Record<string, Json> {
  const mark = markOf(field);
  return mark ? { [mark.of]: { [mark.key]: value } } : { [field]: value };
}
