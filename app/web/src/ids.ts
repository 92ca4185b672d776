import { v7 } from 'uuid';

/** Fills as many bytes as it is asked for. */
export type Random = (length: number) => Uint8Array;

export const systemRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A UUIDv7 of the instant `now` (ms UTC), lowercase with hyphens. */
export function newId(now: number, random: Random = systemRandom): string {
  return v7({ msecs: now, random: random(16) });
}

/** The id of a note's card: phone and server derive it alike, so that a card made without a network has its final id. */
export function cardIdOf(noteId: string, ordinal: number): string {
  const last = (Number.parseInt(noteId.slice(-4), 16) + 1 + ordinal) % 65536;
  return noteId.slice(0, -4) + last.toString(16).padStart(4, '0');
}

/** The 16 bytes of an id. */
export function idBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(16);
  const hex = id.replaceAll('-', '');
  for (let place = 0; place < 16; place += 1) bytes[place] = Number.parseInt(hex.slice(2 * place, 2 * place + 2), 16);
  return bytes;
}
