/** What a note is, and which cards it makes; renders as the server's `core/notes.py` does. */
import type { NoteKind } from './wire';

/** One card of a note: its question, its answer and the explanation below it. */
export interface CardFace {
  /** Stable within the note. */
  ordinal: number;
  front: string;
  back: string;
  /** Shown under the answer, "" when there is none. */
  note: string;
}

export type NoteFields = Readonly<Record<string, string>>;

/** The fields cannot make cards: `field` names the culprit, `reason` is a stable code (listed in `core/notes.py`). */
export class InvalidNote extends Error {
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field}: ${reason}`);
    this.name = 'InvalidNote';
  }
}

const GAP = '「……」';
const ELLIPSIS = '……';
const MOST_FACES = 100;
const MOST_CHOICES = 26;
const CJK = /[\u3400-\u9fff]/;

export const REQUIRED: Readonly<Record<NoteKind, readonly string[]>> = {
  basic: ['front', 'back'],
  reverse: ['front', 'back'],
  cloze: ['text'],
  list: ['front', 'items'],
  type: ['front', 'back'],
  choice: ['front', 'back', 'choices'],
};
export const OPTIONAL: Readonly<Record<NoteKind, readonly string[]>> = {
  basic: ['note'],
  reverse: ['note', 'reverse_front', 'reverse_back'],
  cloze: ['note'],
  list: ['note'],
  type: ['note'],
  choice: ['note'],
};

/** The cards of a note in the order of their ordinals; at least one. Throws InvalidNote. */
export function faces(kind: NoteKind, fields: NoteFields): CardFace[] {
  return RENDERERS[kind](checked(kind, fields));
}

/** The non-empty lines, trimmed: how fields hold list members and choices. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map(trimmed)
    .filter((line) => line !== '');
}

// Spelt out, because JavaScript's own trim takes away other characters than the server's.
function trimmed(text: string): string {
  return text.replace(/^[ \t\r\n\u3000]+|[ \t\r\n\u3000]+$/g, '');
}

function checked(kind: NoteKind, fields: NoteFields): Record<string, string> {
  if (!Object.hasOwn(REQUIRED, kind)) throw new InvalidNote('kind', 'unknown-kind');
  for (const [name, value] of Object.entries(fields)) {
    if (!REQUIRED[kind].includes(name) && !OPTIONAL[kind].includes(name)) throw new InvalidNote(name, 'unknown-field');
    if (value.includes('\0')) throw new InvalidNote(name, 'nul');
    if (value.normalize('NFC') !== value) throw new InvalidNote(name, 'not-nfc');
  }
  const clean = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, trimmed(value)]));
  for (const name of REQUIRED[kind]) if (!clean[name]) throw new InvalidNote(name, 'missing');
  return clean;
}

type Clean = Record<string, string>;

function of(fields: Clean, name: string): string {
  return fields[name] ?? '';
}

function one(fields: Clean): CardFace[] {
  return [{ ordinal: 0, front: of(fields, 'front'), back: of(fields, 'back'), note: of(fields, 'note') }];
}

function bothWays(fields: Clean): CardFace[] {
  const front = of(fields, 'reverse_front') || of(fields, 'back');
  const back = of(fields, 'reverse_back') || of(fields, 'front');
  return [...one(fields), { ordinal: 1, front, back, note: of(fields, 'note') }];
}

interface Gap {
  number: number;
  answer: string;
  hint: string;
  start: number;
  end: number;
}

/** The gaps `{{c1::answer::hint}}` of a cloze text in reading order. Throws InvalidNote for one open, nested or numbered 0. */
export function gaps(text: string): Gap[] {
  const opens = /\{\{c([0-9]{1,3})::/g;
  const found: Gap[] = [];
  for (let opening = opens.exec(text); opening; opening = opens.exec(text)) {
    const inside = opens.lastIndex;
    const close = text.indexOf('}}', inside);
    if (close < 0) throw new InvalidNote('text', 'cloze-broken');
    const content = text.slice(inside, close);
    if (/\{\{c[0-9]{1,3}::/.test(content)) throw new InvalidNote('text', 'cloze-nested');
    const number = Number(opening[1]);
    if (number === 0) throw new InvalidNote('text', 'cloze-number');
    const divider = content.indexOf('::');
    const answer = trimmed(divider < 0 ? content : content.slice(0, divider));
    if (!answer) throw new InvalidNote('text', 'cloze-broken');
    const hint = divider < 0 ? '' : trimmed(content.slice(divider + 2));
    opens.lastIndex = close + 2;
    found.push({ number, answer, hint, start: opening.index, end: close + 2 });
  }
  return found;
}

function cloze(fields: Clean): CardFace[] {
  const text = of(fields, 'text');
  const found = gaps(text);
  if (found.length === 0) throw new InvalidNote('text', 'cloze-missing');
  const numbers = [...new Set(found.map((gap) => gap.number))].sort((a, b) => a - b);
  if (numbers.length > MOST_FACES) throw new InvalidNote('text', 'too-many');
  const joint = CJK.test(text) ? '、' : ', ';
  return numbers.map((number) => ({
    ordinal: number - 1,
    front: withGap(text, found, number),
    back: found
      .filter((gap) => gap.number === number)
      .map((gap) => gap.answer)
      .join(joint),
    note: of(fields, 'note'),
  }));
}

function withGap(text: string, found: readonly Gap[], number: number): string {
  let shown = '';
  let position = 0;
  for (const gap of found) {
    const hidden = gap.hint ? `[${gap.hint}]` : GAP;
    shown += text.slice(position, gap.start) + (gap.number === number ? hidden : gap.answer);
    position = gap.end;
  }
  return shown + text.slice(position);
}

function list(fields: Clean): CardFace[] {
  const members = lines(of(fields, 'items'));
  if (members.length > MOST_FACES) throw new InvalidNote('items', 'too-many');
  const numbered = members.map((member, place) => `${place + 1}. ${member}`);
  return members.map((member, place) => ({
    ordinal: place,
    front: [of(fields, 'front'), ...numbered.slice(0, place), `${place + 1}. ${ELLIPSIS}`].join('\n'),
    back: member,
    note: of(fields, 'note'),
  }));
}

function choice(fields: Clean): CardFace[] {
  const choices = lines(of(fields, 'choices'));
  if (choices.length < 2) throw new InvalidNote('choices', 'too-few-choices');
  if (choices.length > MOST_CHOICES) throw new InvalidNote('choices', 'too-many');
  if (new Set(choices).size < choices.length) throw new InvalidNote('choices', 'repeated');
  if (!choices.includes(of(fields, 'back'))) throw new InvalidNote('choices', 'answer-not-offered');
  const lettered = choices.map((text, place) => `${String.fromCharCode(65 + place)}. ${text}`);
  const [card] = one(fields);
  return card ? [{ ...card, front: [card.front, ...lettered].join('\n') }] : [];
}

const RENDERERS: Record<NoteKind, (fields: Clean) => CardFace[]> = {
  basic: one,
  reverse: bothWays,
  cloze,
  list,
  type: one,
  choice,
};
