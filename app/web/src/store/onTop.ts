/** Pure: a card as the server knows it, with this device's own unsent events laid on top. */
import { ownEvent } from '../events';
import { apply } from '../schedule';
import type { CardRow, CardState, EventIn, ParametersRow } from '../wire';
import type { JournalRecord } from './tables';

export interface Replaying {
  deviceId: string;
  parameters: ParametersRow;
}

/** The part of a card row that events change. */
export function stateOf(card: CardRow): CardState {
  return {
    phase: card.phase,
    step: card.step,
    stability: card.stability,
    difficulty: card.difficulty,
    due_day: card.due_day,
    due_at: card.due_at,
    last_day: card.last_day,
    last_at: card.last_at,
    reps: card.reps,
    lapses: card.lapses,
    suspended: card.suspended,
    buried_until: card.buried_until,
    flag: card.flag,
  };
}

export function applyOwn(cardId: string, state: CardState, event: EventIn, how: Replaying): CardState {
  return apply(cardId, state, ownEvent(event, how.deviceId), how.parameters);
}

/**
 * The state of a card folded again from one of its own entries on, for when that entry was undone (or an undo was refused), and the
 * entries whose `before` changed with it. `entries` are this device's entries on the card in order, marked as they stand now.
 */
export function refolded(
  entries: readonly JournalRecord[],
  from: JournalRecord,
  how: Replaying,
): { state: CardState; moved: JournalRecord[] } {
  let state = from.before;
  const moved: JournalRecord[] = [];
  for (const entry of entries) {
    if (entry.n < from.n || entry.undone || entry.event.kind === 'undo') continue;
    moved.push({ ...entry, before: state });
    state = applyOwn(entry.card_id, state, entry.event, how);
  }
  return { state, moved };
}

/**
 * The server's row with the unsent events on top. Where an unsent undo names an event that the server has counted already, the state
 * before that event comes from the journal; once the server has the undo, its own replay replaces this.
 */
export function onTop(
  row: CardRow,
  pending: readonly EventIn[],
  entries: readonly JournalRecord[],
  how: Replaying,
): CardRow {
  const waiting = new Set(pending.map((event) => event.id));
  const targets = new Set(pending.filter((event) => event.kind === 'undo').map((event) => event.data.event));
  const counted = entries.filter((entry) => targets.has(entry.id) && !waiting.has(entry.id));
  const first = counted.reduce<JournalRecord | null>((best, entry) => (best && best.n < entry.n ? best : entry), null);
  if (first) return { ...row, ...refolded(entries, first, how).state };
  const events = pending.filter((event) => event.kind !== 'undo' && !targets.has(event.id));
  return { ...row, ...events.reduce((state, event) => applyOwn(row.id, state, event, how), stateOf(row)) };
}
