/** Pictures and sounds on this device, by the hash of their bytes: a learner's own, and those that cards from elsewhere show. */
import type { EditIn, Problem } from '../wire';
import { draftsIn } from './device';
import type { Engine, Tx } from './engine';
import type { MediaRecord, NoteRecord, Table } from './tables';

export const MEDIA_TABLES: readonly Table[] = ['media', 'media_bytes'];
const OWN = /media\/([0-9a-f]{64})(?![0-9A-Za-z])/g;

/** Hashes that fields name as `media/<hash>`, in text as in markup. */
function named(text: string): string[] {
  return text.includes('media/') ? [...text.matchAll(OWN)].map(([, hash = '']) => hash) : [];
}

/** The files that a note asks for. */
export function hashesOf({ fields, media }: Pick<NoteRecord, 'fields' | 'media'>): string[] {
  return [...new Set([...Object.values(media ?? {}), ...Object.values(fields).flatMap(named)])];
}

/** The note with the key of the index of those that show something. */
export function withShows({ shows: _before, ...note }: NoteRecord): NoteRecord {
  return hashesOf(note).length > 0 ? { ...note, shows: note.id } : note;
}

/** The files that unsent edits ask for. */
export function hashesOfEdits(edits: readonly EditIn[]): string[] {
  return [...new Set(edits.flatMap(({ fields }) => ('fields' in fields ? named(JSON.stringify(fields.fields)) : [])))];
}

/** The files that drafts ask for: what is half written comes back with its pictures. */
export async function hashesOfDrafts(tx: Tx): Promise<string[]> {
  const drafts = await draftsIn(tx);
  return [...new Set(drafts.flatMap(({ value }) => named(JSON.stringify(value))))];
}

export interface Kept extends Omit<MediaRecord, 'size' | 'problem'> {
  bytes: ArrayBuffer;
}

/** Keeps a file; one of the learner's own is on the disk when this resolves. What the server has stays known. Throws StorageError. */
export function keepMedia(engine: Engine, { bytes, ...file }: Kept): Promise<void> {
  return engine.run(file.sent ? 'relaxed' : 'readwrite', MEDIA_TABLES, async (tx) => {
    const known = await tx.get('media', file.hash);
    await tx.put('media', { ...file, size: bytes.byteLength, sent: file.sent || (known?.sent ?? false) });
    await tx.put('media_bytes', { hash: file.hash, bytes });
  });
}

/** The file, null when it is not on this device. */
export function mediaHere(engine: Engine, hash: string): Promise<Blob | null> {
  return engine.run('readonly', MEDIA_TABLES, async (tx) => {
    const file = await tx.get('media', hash);
    const kept = file && (await tx.get('media_bytes', hash));
    return kept ? new Blob([kept.bytes], { type: file.type }) : null;
  });
}

/** Those of these files that the server has not got, with their bytes. */
export function unsentMedia(
  engine: Engine,
  hashes: readonly string[],
): Promise<{ hash: string; bytes: ArrayBuffer }[]> {
  return engine.run('readonly', MEDIA_TABLES, async (tx) => {
    const found = [];
    for (const hash of hashes) {
      const file = await tx.get('media', hash);
      const kept = file && !file.sent && !file.problem && (await tx.get('media_bytes', hash));
      if (kept) found.push(kept);
    }
    return found;
  });
}

/** The server has taken the file, or will never. */
export function settleMedia(engine: Engine, hash: string, problem: Problem | null): Promise<void> {
  return engine.run('readwrite', MEDIA_TABLES, async (tx) => {
    const file = await tx.get('media', hash);
    if (file) await tx.put('media', problem ? { ...file, problem } : { ...file, sent: true });
  });
}

/**
 * The device goes to another learner, whose server has none of the files. Those that unsent edits or drafts show are sent again, and with `all`
 * the others too when an edit asks; else they are not the new one's to see.
 */
export async function forNewOwner(tx: Tx, all: boolean): Promise<void> {
  const edits = (await tx.rows('outbox')).flatMap(({ edit }) => edit ?? []);
  const asked = new Set([...hashesOfEdits(edits), ...(await hashesOfDrafts(tx))]);
  for (const { problem: _old, ...file } of await tx.rows('media')) {
    if (all || asked.has(file.hash) || !file.sent) await tx.put('media', { ...file, sent: false });
    else await forget(tx, file.hash);
  }
}

export async function forget(tx: Tx, hash: string): Promise<void> {
  await tx.delete('media', hash);
  await tx.delete('media_bytes', hash);
}
