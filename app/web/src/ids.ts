/** Fills as many bytes as it is asked for. */
export type Random = (length: number) => Uint8Array;

export const systemRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A UUIDv7 (RFC 9562, section 5.7): 48 bits of ms since 1970, then 74 random bits; lowercase with hyphens. */
export function newId(now: number, random: Random = systemRandom): string {
  const noise = random(10);
  noise[0] = 0x70 | ((noise[0] ?? 0) & 0x0f);
  noise[2] = 0x80 | ((noise[2] ?? 0) & 0x3f);
  const hex = [...noise].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const time = Math.max(now, 0).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`;
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
