/** The log of what a learner did, and its order. A card's schedule is the replay of its events. */
import { learnerDay } from './day';
import type { EventIn } from './wire';

/** An event as replay sees it: `at` by the server's clock. */
export interface ReplayEvent extends EventIn {
  device_id: string;
  /** Ms by the server's clock, never later than five minutes after it was received. */
  effective_at: number;
}

const DAY_MS = 86_400_000;
const LATEST_MS = 300_000;

export function effectiveAt(at: number, clockOffsetMs: number, receivedAt: number): number {
  return Math.min(at - clockOffsetMs, receivedAt + LATEST_MS);
}

/** The learner day that counts: the claimed one when it is within a day of UTC's, else the one of the learner's zone. */
export function effectiveDay(
  claimed: number,
  at: number,
  zone: string,
  rolloverHour: number,
): { day: number; corrected: boolean } {
  if (Math.abs(claimed - Math.floor(at / DAY_MS)) <= 1) return { day: claimed, corrected: false };
  const day = learnerDay(at, zone, rolloverHour);
  return { day, corrected: day !== claimed };
}

/** An own event, still unsent: this device's clock, corrected by the offset that the event carries. */
export function ownEvent(event: EventIn, deviceId: string): ReplayEvent {
  return { ...event, device_id: deviceId, effective_at: event.at - event.clock_offset_ms };
}

/** The order of replay: day, time, device, the device's own count, id. */
export function compareEvents(a: ReplayEvent, b: ReplayEvent): number {
  return (
    a.day - b.day ||
    a.effective_at - b.effective_at ||
    compareText(a.device_id, b.device_id) ||
    a.device_seq - b.device_seq ||
    compareText(a.id, b.id)
  );
}

// Ids are lowercase hexadecimal, so the order of the text is the order of the bytes.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is left of a log in the order of replay: each event once, without undos and without what they name. */
export function surviving(events: Iterable<ReplayEvent>): ReplayEvent[] {
  const byId = new Map<string, ReplayEvent>();
  const undone = new Set<unknown>();
  for (const event of events) {
    byId.set(event.id, event);
    if (event.kind === 'undo') undone.add(event.data.event);
  }
  return [...byId.values()].filter((event) => event.kind !== 'undo' && !undone.has(event.id)).sort(compareEvents);
}
