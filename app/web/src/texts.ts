/** Texts brought to find cards in them: what the server says of one, and what can be asked of it. */
import { ask, introduce, send } from './state/server';
import type { NoteKind, Problem } from './wire';

export type Verdict = 'accepted' | 'edited' | 'rejected';

export interface TextSummary {
  id: string;
  name: string;
  title: string;
  created_at: number;
  counts: Readonly<Record<string, number>>;
}

export interface TextDocument extends TextSummary {
  format: string;
  encoding: string;
  guessed: boolean;
  language: string;
  state: 'reading' | 'ready' | 'failed';
  progress: { done: number; total: number };
  problem: Problem | null;
  /** Code points. */
  length: number;
  paragraphs: number;
  /** Paragraphs with at least one candidate that is shown. */
  covered: number;
  deck_id: string | null;
  groups: { group: string; total: number; open: number }[];
  can_undo: boolean;
}

export interface Candidate {
  id: string;
  rule: string;
  group: string;
  kind: NoteKind;
  fields: Record<string, string>;
  section: string[];
  /** Where the fact stands, in code points of the whole text. */
  spans: [start: number, end: number][];
  paragraph: number;
  shown: boolean;
  findings: string[];
  verdict: Verdict | null;
  /** What the learner wrote instead, of an edited one. */
  own_fields: Record<string, string> | null;
  /** The text changed under a verdict. */
  changed: boolean;
  gone: boolean;
  note_id: string | null;
}

export interface Paragraph {
  index: number;
  start: number;
  end: number;
  section: string[];
  cards: number;
  open: number;
}

export interface TextPart {
  text: string;
  /** Where it stands, in code points of the whole text. */
  start: number;
  end: number;
  length: number;
  marks: [start: number, end: number, kind: string, level: number][];
  paragraphs: Paragraph[];
}

export type Verdicts =
  | { verdicts: { id: string; verdict: Verdict | null; fields?: Record<string, string> }[] }
  | { group: string; verdict: Verdict }
  | { paragraph: number; verdict: Verdict };

const LONGEST_NAME = 200;
const PROSE = /\.(?:txt|docx|html?|epub|pdf|rtf|odt)$/i;
const LIST_LINE = /^[^\n]{1,80}(?:\t|,|;| - |：|:)[^\n]+$/;

/** Whether this is more likely a text to read than a list of cards. */
export function isProse(name: string, isPasted = false): boolean {
  if (!isPasted) return PROSE.test(name);
  const lines = name.split('\n').filter((line) => line.trim() !== '');
  const lists = lines.filter((line) => LIST_LINE.test(line)).length;
  return name.length > 200 && lists < lines.length / 2;
}

const at = (id: string) => `/api/documents/${encodeURIComponent(id)}`;

export async function bringText(
  body: Blob,
  { name }: { name: string },
  onProgress: (share: number) => void,
): Promise<TextDocument> {
  await introduce();
  const query = name ? `?name=${encodeURIComponent(name.slice(-LONGEST_NAME))}` : '';
  return send<TextDocument>('POST', `/api/documents${query}`, body, onProgress);
}

export const listTexts = (cursor: string | null): Promise<{ items: TextSummary[]; next: string | null }> =>
  ask('GET', `/api/documents?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
export const readText = (id: string): Promise<TextDocument> => ask('GET', at(id));
export const forgetText = (id: string): Promise<void> => ask('DELETE', at(id));
export const judge = (id: string, verdicts: Verdicts): Promise<TextDocument> =>
  ask('POST', `${at(id)}/verdicts`, verdicts);
export const undoVerdicts = (id: string): Promise<{ document: TextDocument; candidates: Candidate[] }> =>
  ask('POST', `${at(id)}/undo`);
export const commitText = (
  id: string,
  deck: { deck_id: string } | { deck_name: string },
): Promise<{ deck_id: string; added: number; removed: number; document: TextDocument }> =>
  ask('POST', `${at(id)}/commit`, deck);

const PART = 12_000;
const MARGIN = 3_000;
const PAGE = 500;

const parts = new Map<string, Promise<TextPart>>();

/** The part of a text that holds a place, with some words before and after it; kept for the next question. */
export function textAround(id: string, place: number): Promise<TextPart> {
  const from = Math.max(0, Math.floor(place / PART) * PART - MARGIN);
  const path = `${at(id)}/text?from=${from}&to=${from + PART + 2 * MARGIN}`;
  const known = parts.get(path) ?? ask<TextPart>('GET', path);
  parts.set(path, known);
  known.catch(() => parts.delete(path));
  return known;
}

/** All candidates that are shown, and with `more` the weak ones too, in reading order. */
export async function allCandidates(id: string, more: boolean): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = `limit=${PAGE}&order=reading${more ? '&more=true' : ''}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: { items: Candidate[]; next: string | null } = await ask('GET', `${at(id)}/candidates?${query}`);
    found.push(...page.items);
    cursor = page.next;
  }
  return found;
}
