/** Spreads due days by a few days, from the card's id and count alone: phone and server draw the same day. */
import { idBytes } from './ids';

const LEAST_FUZZED = 3;

/** The last mixing step of MurmurHash3 (32 bit, public domain, A. Appleby). */
export function mix32(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** FNV-1a over the id's bytes and a count (4 bytes, big-endian), mixed once more; unsigned 32 bit. */
export function hashOf(id: string, count: number): number {
  let h = 0x811c9dc5;
  for (const byte of idBytes(id)) h = Math.imul(h ^ byte, 0x01000193);
  for (const shift of [24, 16, 8, 0]) h = Math.imul(h ^ ((count >>> shift) & 0xff), 0x01000193);
  return mix32(h);
}

/** Shortest and longest interval in days that may stand for `interval`: ts-fsrs's ranges in thousandths. */
export function fuzzRange(interval: number, maximumInterval: number): [shortest: number, longest: number] {
  if (interval < LEAST_FUZZED) return [interval, interval];
  const early = 150 * Math.min(interval, 7) - 375;
  const spread = 1000 + early + 100 * Math.max(Math.min(interval, 20) - 7, 0) + 50 * Math.max(interval - 20, 0);
  const longest = Math.min(Math.floor((interval * 1000 + spread + 500) / 1000), maximumInterval);
  const shortest = Math.max(2, Math.floor((interval * 1000 - spread + 500) / 1000));
  return [Math.min(shortest, longest), longest];
}

/** The interval in days to use instead of `interval`; short ones stay as they are. `count` is the number of answers so far. */
export function fuzzed(cardId: string, count: number, interval: number, maximumInterval: number): number {
  if (interval < LEAST_FUZZED) return interval;
  const [shortest, longest] = fuzzRange(interval, maximumInterval);
  return shortest + (hashOf(cardId, count) % (longest - shortest + 1));
}
