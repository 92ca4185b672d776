// The parts of an exam that two phones changed.
import type { ExamRow, Json } from '../../wire';

export interface Sides {
  field: string;
  kept: Json;
  other: Json;
}

const SHOWN = ['name', 'day', 'time', 'minutes', 'days_off', 'target', 'buffer_days', 'decks'] as const;

/** Only what has words; a card that is pinned here and dropped there is seen in the list of cards. */
export function sidesOf({ conflict }: ExamRow): Sides[] {
  if (typeof conflict !== 'object' || conflict === null || Array.isArray(conflict)) return [];
  return SHOWN.flatMap((field) => {
    const sides = conflict[field];
    if (typeof sides !== 'object' || sides === null || Array.isArray(sides)) return [];
    const { kept = null, other = null } = sides;
    return { field, kept, other };
  });
}
