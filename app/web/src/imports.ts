/** Bringing files: what the server says of an import, and what can be asked of it. */
import { ask, introduce, send } from './state/server';
import type { Problem } from './wire';

export type ImportState = 'reading' | 'preview' | 'storing' | 'done' | 'undoing' | 'undone' | 'failed';
export type Keep = 'keep' | 'take';

export interface ImportSummary {
  id: string;
  name: string;
  state: ImportState;
  created_at: number;
  finished_at: number | null;
  generation: string;
  counts: Readonly<Record<string, number>>;
  /** Until when it can be taken back, ms UTC. */
  undo_until: number | null;
}

export interface Layout {
  separator: string;
  /** The role of each column, "" for one that is left out. */
  columns: string[];
  first_line: number;
  html: boolean;
}

export interface ImportTable extends Layout {
  rows: string[][];
  total: number;
  roles: string[];
}

export interface Difference {
  name: string;
  mine: string;
  theirs: string;
}

export interface ImportConflict {
  note_id: string;
  deck: string;
  choice: Keep | null;
  fields: Difference[];
}

export interface Skipped {
  what: string;
  code: string;
  title: string;
  count: number;
  names: string[];
}

export interface Sample {
  deck: string;
  kind: string;
  format: 'text' | 'html';
  front: string;
  back: string;
  note: string;
}

export interface ImportOptions {
  reader: string;
  deck: string;
  scheduling: boolean;
  deck_options: boolean;
  layout: Layout | null;
  encoding: string | null;
  between: string | null;
  conflicts: Keep;
  deleted: 'keep' | 'restore';
}

export interface Import extends ImportSummary {
  encoding: string;
  guessed_encoding: boolean;
  progress: { done: number; total: number };
  problem: Problem | null;
  options: ImportOptions;
  decks: { name: string; notes: number; cards: number; exists: boolean }[];
  decks_total: number;
  skipped: Skipped[];
  conflicts: ImportConflict[];
  samples: Sample[];
  table: ImportTable | null;
  /** Cards of the import that were studied since: undoing removes their answers too. */
  answers_since: number;
  decks_made: { id: string; name: string }[];
}

/** A text field of a preview, with words for its pictures: none of them is stored yet. */
export function withoutPictures(text: string, word: string): string {
  return text.replace(/!\[([^\]\n]*)\]\(media\/[0-9a-f]{64}\)/g, (_, said: string) => `[${said || word}]`);
}

/** What to study after an import: its only deck, or the one above all others; null where there is none. */
export function deckToStudy(decks: readonly { id: string; name: string }[]): { id: string; name: string } | null {
  const [top] = [...decks].sort((one, other) => one.name.split('::').length - other.name.split('::').length);
  const holds = (name: string) => name === top?.name || name.startsWith(`${top?.name}::`);
  return top && decks.every(({ name }) => holds(name)) ? top : null;
}

export type ImportChange = Partial<ImportOptions> & { choices?: Record<string, Keep> };

const LONGEST_NAME = 200;

/** Whether the server is at work and should be asked again soon. */
export function isUnderWay(state: ImportState): boolean {
  return state === 'reading' || state === 'storing' || state === 'undoing';
}

/** Brings a file, or pasted text, for the deck of this name where there is one; who has no learner yet gets one. */
export async function bring(body: Blob, { name, deck }: Brought, onProgress: (share: number) => void): Promise<Import> {
  await introduce();
  const said = Object.entries({ name: name.slice(-LONGEST_NAME), deck }).filter(([, value]) => value !== '');
  return send<Import>('POST', `/api/imports?${new URLSearchParams(said)}`, body, onProgress);
}

/** What is brought: a file's name, or the name that goes with pasted text; "" where nobody gave one. */
export interface Brought {
  name: string;
  deck: string;
}

const at = (id: string) => `/api/imports/${encodeURIComponent(id)}`;

export const readImport = (id: string): Promise<Import> => ask('GET', at(id));
export const changeImport = (id: string, change: ImportChange): Promise<Import> => ask('PATCH', at(id), change);
export const commitImport = (id: string): Promise<Import> => ask('POST', `${at(id)}/commit`);
export const undoImport = (id: string): Promise<Import> => ask('POST', `${at(id)}/undo`);
export const forgetImport = (id: string): Promise<void> => ask('DELETE', at(id));
export const listImports = (cursor: string | null): Promise<{ items: ImportSummary[]; next: string | null }> =>
  ask('GET', `/api/imports?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
