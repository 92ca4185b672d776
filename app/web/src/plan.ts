/** Pure parts of sync: what to send, what an answer says about our clock, who is to blame for a refusal, how long to wait. */
import type { DeviceState, OutboxItem } from './store/tables';
import type { EditIn, EventIn, Problem, SyncRequest } from './wire';

export const MOST_EVENTS = 1000;
const MOST_EDITS = 200;
const WANT = 500;
const CLOCK_NOISE_MS = 1000;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 300_000;

/**
 * The next request: the oldest items in their order, at most `limit` of them. The server takes the edits of a request before its events,
 * so a card is always made before it is answered.
 */
export function requestOf(items: readonly OutboxItem[], device: DeviceState, limit = MOST_EVENTS): SyncRequest {
  const edits: EditIn[] = [];
  const events: EventIn[] = [];
  for (const { edit, event } of items.slice(0, limit)) {
    if (edits.length >= MOST_EDITS || events.length >= MOST_EVENTS) break;
    if (edit) edits.push(edit);
    if (event) events.push(event);
  }
  return { device_id: device.id, cursor: device.cursor, want: WANT, events, edits };
}

/** What the device's clock is ahead of the server's, ms; the known value stays unless the new one surely differs. */
export function clockOffset(known: number, sentAt: number, receivedAt: number, serverTime: number): number {
  const measured = Math.round((sentAt + receivedAt) / 2 - serverTime);
  const doubt = (receivedAt - sentAt) / 2 + CLOCK_NOISE_MS;
  return Math.abs(measured - known) <= doubt ? known : measured;
}

/** The ids of the items that a refusal of the whole request points at. */
export function culpritsOf(problem: Problem | null, { events, edits }: SyncRequest): string[] {
  const lists: Record<string, readonly { id: string }[]> = { events, edits };
  const ids = (problem?.errors ?? []).flatMap(({ pointer }) => {
    const [, list = '', place = ''] = pointer.split('/');
    return lists[list]?.[Number(place)]?.id ?? [];
  });
  return [...new Set(ids)];
}

/** Ms until the next try after so many failures in a row; `chance` (0 to 1) keeps many phones from coming at once. */
export function waitAfter(failures: number, chance: number): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1), LONGEST_WAIT_MS);
  return Math.round(longest * (0.5 + chance / 2));
}
