/** A short sum over all cards' schedules; equal sums on phone and server mean equal schedules. */
import { mix32 } from './fuzz';
import { idBytes } from './ids';
import type { CardState } from './wire';

/** Two unsigned 32-bit sums; adding and removing a card are one addition and one subtraction. */
export type Digest = readonly [number, number];
export type DigestCard = Pick<CardState, 'due_day' | 'phase' | 'step' | 'reps' | 'lapses' | 'suspended'> & {
  id: string;
};

export const EMPTY_DIGEST: Digest = [0, 0];
const SEEDS = [0x9747b28c, 0x3c6ef372] as const;

/** MurmurHash3 x86 32 (public domain, A. Appleby), unsigned. */
export function murmur3(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let h = seed;
  for (let place = 0; place < whole; place += 4) {
    h ^= scrambled(view.getUint32(place, true));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let place = bytes.length - 1; place >= whole; place -= 1) tail = (tail << 8) | view.getUint8(place);
  if (whole < bytes.length) h ^= scrambled(tail);
  return mix32(h ^ bytes.length);
}

function scrambled(block: number): number {
  const k = Math.imul(block, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

export function cardDigest(card: DigestCard): Digest {
  const bytes = new Uint8Array(27);
  bytes.set(idBytes(card.id));
  const view = new DataView(bytes.buffer);
  view.setInt32(16, card.due_day ?? -1);
  view.setUint8(20, card.phase);
  view.setInt8(21, card.step ?? -1);
  view.setUint16(22, Math.min(card.reps, 0xffff));
  view.setUint16(24, Math.min(card.lapses, 0xffff));
  view.setUint8(26, card.suspended ? 1 : 0);
  return [murmur3(bytes, SEEDS[0]), murmur3(bytes, SEEDS[1])];
}

export function plus(a: Digest, b: Digest): Digest {
  return [(a[0] + b[0]) >>> 0, (a[1] + b[1]) >>> 0];
}

export function minus(a: Digest, b: Digest): Digest {
  return [(a[0] - b[0]) >>> 0, (a[1] - b[1]) >>> 0];
}

export function digestOf(cards: Iterable<DigestCard>): Digest {
  let sum = EMPTY_DIGEST;
  for (const card of cards) sum = plus(sum, cardDigest(card));
  return sum;
}

/** 16 hexadecimal digits, as the server writes it. */
export function digestText(digest: Digest): string {
  return digest.map((half) => half.toString(16).padStart(8, '0')).join('');
}
