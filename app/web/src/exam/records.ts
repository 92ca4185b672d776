/** The cards of a plan, 16 bytes each, in the order of the decks; a card is named by the last 16 hex digits of its id. */
import { unpacked8 } from './tables';

const SIZE = 16;
const NAME = 8;
const REACH = 18;
const FLOOR = -7;
const TOP = 65_534;
const NO_TIME = 255;
const PINNED = 64;
const LEFT_OUT = 128;
const EXAM = 31;

/** A card at the start of the plan's day. */
export interface PlanCard {
  name: string;
  stability: number;
  difficulty: number;
  /** Days from the last answer to the plan's day, null for a card never seen. */
  age: number | null;
  /** Null: gets no time. */
  group: number | null;
  /** Place of the soonest exam that counts the card. */
  exam: number;
  pinned: boolean;
  leftOut: boolean;
}

/** What a plan calls a card. */
export function nameOf(cardId: string): string {
  return cardId.replaceAll('-', '').slice(-2 * NAME);
}

export function recordsOf(packed: string): PlanCard[] {
  const bytes = unpacked8(packed);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: Math.floor(bytes.length / SIZE) }, (_, place) => record(bytes, view, place * SIZE));
}

function record(bytes: Uint8Array, view: DataView, at: number): PlanCard {
  const code = view.getUint16(at + NAME, true);
  const group = view.getUint8(at + 14);
  const marks = view.getUint8(at + 15);
  return {
    name: hex(bytes.subarray(at, at + NAME)),
    stability: code === 0 ? 1 : Math.exp(FLOOR + (REACH * (code - 1)) / TOP),
    difficulty: 1 + (9 * view.getUint16(at + 10, true)) / 65_535,
    age: code === 0 ? null : view.getUint16(at + 12, true),
    group: group === NO_TIME ? null : group,
    exam: marks & EXAM,
    pinned: (marks & PINNED) !== 0,
    leftOut: (marks & LEFT_OUT) !== 0,
  };
}

function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
