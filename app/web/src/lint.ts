/** What makes a card bad, found by rule: the rules of the server's `core/lint.py` that need no source text. */
import { type CardFace, faces, gaps, InvalidNote, lines, type NoteFields } from './notes';
import type { NoteKind } from './wire';

export type Rule =
  | 'broken'
  | 'mojibake'
  | 'long-list'
  | 'gap-cuts-word'
  | 'trivial-gap'
  | 'answer-in-front'
  | 'long-answer'
  | 'several-facts'
  | 'list-without-members'
  | 'dangling'
  | 'yes-no'
  | 'bare-number'
  | 'missing-context'
  | 'duplicate'
  | 'same-front'
  | 'near-front'
  | 'two-numbers';

export interface LintedNote {
  id: string;
  kind: NoteKind;
  fields: NoteFields;
}

export interface Finding {
  /** The note. */
  card: string;
  rule: Rule;
  level: 'error' | 'warning';
  /** The words at fault. */
  detail: string;
}

const ERRORS: ReadonlySet<Rule> = new Set([
  'broken',
  'same-front',
  'duplicate',
  'answer-in-front',
  'gap-cuts-word',
  'mojibake',
]);

const CJK = /[\u3400-\u9fff]/;
const ALL_CJK = /[\u3400-\u9fff]/g;
const WORD = /^(?![\u3400-\u9fff])[\p{L}\p{N}]/u;
const ALL_WORDS = /(?:(?![\u3400-\u9fff])[\p{L}\p{N}])+/gu;
const MARKS = /[^\p{L}\p{N}%/~<]+/gu;
const MOJIBAKE = /\ufffd|锟斤拷|烫烫烫|Ã[\x80-\xbf©]|â€|ï¼|[\x80-\x9f]|[\ue000-\uf8ff]/;
const DANGLING =
  /^[^\p{L}\p{N}_]*(?:它|其(?!他|中|它|间|实)|这(?!里是)|此|该|他们|它们|(?:it|they|this|these|he|she|those)(?![\p{L}\p{N}_]))/iu;
const NUMBER = /^[\p{Nd}.,]+$/u;
const PIECES = /[\u3400-\u9fff]+|(?:(?![\u3400-\u9fff])[\p{L}\p{N}])+/gu;
const YES_NO = new Set(['是', '否', '对', '错', '能', '不能', '可以', '不可以', 'yes', 'no', 'true', 'false']);
const SMALL_WORDS = new Set([...'的了和与在是也都及或', ...'the a an of to in and or is are'.split(' ')]);
const MOST_CJK = 14;
const MOST_WORDS = 12;
const MOST_MEMBERS = 7;
const NEAR = 0.85;
const NEAR_NUMBERS = 0.7;
const MOST_COMMON = 40;

interface Card {
  note: LintedNote;
  face: CardFace;
  front: string;
  back: string;
}

type Told = readonly [rule: Rule, detail: string];

/** Findings over the notes of one deck together, errors first. */
export function lint(notes: readonly LintedNote[]): Finding[] {
  const found: Finding[] = [];
  const cards: Card[] = [];
  for (const note of notes) {
    const made = facesOf(note);
    if (made instanceof InvalidNote) {
      found.push(finding(note, ['broken', made.message]));
      continue;
    }
    cards.push(...made.map((face) => ({ note, face, front: flat(face.front), back: flat(face.back) })));
    found.push(...ofNote(note).map((told) => finding(note, told)));
  }
  for (const card of cards) found.push(...ofFace(card, notes).map((told) => finding(card.note, told)));
  for (const { note, told } of between(cards)) found.push(finding(note, told));
  const once = new Map(found.map((each) => [JSON.stringify(each), each]));
  return [...once.values()].sort((a, b) => order(a.level, b.level) || order(a.rule, b.rule) || order(a.card, b.card));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function facesOf({ kind, fields }: LintedNote): CardFace[] | InvalidNote {
  try {
    return faces(kind, fields);
  } catch (error) {
    if (error instanceof InvalidNote) return error;
    throw error;
  }
}

function finding(note: LintedNote, [rule, detail]: Told): Finding {
  return { card: note.id, rule, level: ERRORS.has(rule) ? 'error' : 'warning', detail };
}

/** Letters and digits only: what counts when two sides are compared. */
export function flat(text: string): string {
  return text.normalize('NFKC').replace(MARKS, '').toLowerCase();
}

// --- one note ----------------------------------------------------------------------------------------------------

function ofNote({ kind, fields }: LintedNote): Told[] {
  const found: Told[] = [];
  const wrong = MOJIBAKE.exec(Object.values(fields).join('\n'));
  if (wrong) found.push(['mojibake', wrong[0]]);
  const members = kind === 'list' ? lines(fields.items ?? '').length : 0;
  if (members > MOST_MEMBERS) found.push(['long-list', String(members)]);
  if (kind === 'cloze') found.push(...ofGaps(fields.text ?? ''));
  return found;
}

function ofGaps(text: string): Told[] {
  const found: Told[] = [];
  for (const { answer, start, end } of gaps(text)) {
    const before = [...text.slice(0, start)].at(-1) ?? '';
    const after = [...text.slice(end)][0] ?? '';
    const [first = '', last = ''] = [[...answer][0], [...answer].at(-1)];
    if ((WORD.test(before) && WORD.test(first)) || (WORD.test(after) && WORD.test(last)))
      found.push(['gap-cuts-word', answer]);
    if (SMALL_WORDS.has(answer.toLowerCase())) found.push(['trivial-gap', answer]);
  }
  return found;
}

// --- one card ----------------------------------------------------------------------------------------------------

function ofFace(card: Card, deck: readonly LintedNote[]): Told[] {
  const { face, front, back, note } = card;
  const told = (holds: boolean, rule: Rule, detail: string): Told[] => (holds ? [[rule, detail]] : []);
  const many = (face.back.match(/、/g)?.length ?? 0) >= 5 && note.kind === 'basic';
  return [
    ...told(length(back) >= 2 && front.includes(back) && note.kind !== 'choice', 'answer-in-front', face.back),
    ...told(isLong(face.back), 'long-answer', face.back),
    ...told(/[；。;]./.test(face.back), 'several-facts', face.back),
    ...told(many && !asksMembers(card, deck), 'list-without-members', face.back),
    ...told(DANGLING.test(face.front), 'dangling', [...face.front].slice(0, 12).join('')),
    ...told(YES_NO.has(back), 'yes-no', face.back),
    ...told(NUMBER.test(face.back.trim()), 'bare-number', face.back),
    ...told(length(front) < 4 && !WORD.test(front), 'missing-context', face.front),
  ];
}

function length(text: string): number {
  return [...text].length;
}

function isLong(answer: string): boolean {
  return (answer.match(ALL_CJK)?.length ?? 0) > MOST_CJK || (answer.match(ALL_WORDS)?.length ?? 0) > MOST_WORDS;
}

/** Whether a list note of the deck asks what this card wants all at once. */
function asksMembers({ face }: Card, deck: readonly LintedNote[]): boolean {
  const members = face.back.split('、');
  return deck.some(({ kind, fields }) => {
    if (kind !== 'list') return false;
    const items = new Set(lines(fields.items ?? ''));
    return members.every((member) => items.has(member));
  });
}

// --- cards beside each other -------------------------------------------------------------------------------------

interface Between {
  note: LintedNote;
  told: Told;
}

function between(cards: readonly Card[]): Between[] {
  const found: Between[] = [];
  const byFront = new Map<string, Card[]>();
  for (const card of cards) {
    const same = byFront.get(card.front) ?? [];
    if (same.some(({ back }) => back === card.back))
      found.push({ note: card.note, told: ['duplicate', card.face.front] });
    else if (same.length > 0) found.push({ note: card.note, told: ['same-front', card.face.front] });
    byFront.set(card.front, [...same, card]);
  }
  const numbers = cards.filter(({ face }) => /^[\p{Nd}\p{No}]/u.test(face.back));
  return [...found, ...alike(cards, NEAR, 'near-front'), ...alike(numbers, NEAR_NUMBERS, 'two-numbers')];
}

/** Pairs of questions that share nearly all their bigrams; list members are alike by nature. */
function alike(cards: readonly Card[], least: number, rule: Rule): Between[] {
  const chosen = cards
    .filter(({ note }) => note.kind !== 'list' && note.kind !== 'cloze')
    .map((card) => ({ card, bigrams: bigramsOf(card.face.front) }));
  const places = new Map<string, number[]>();
  chosen.forEach(({ bigrams }, place) => {
    for (const bigram of bigrams) places.set(bigram, [...(places.get(bigram) ?? []), place]);
  });
  const found: Between[] = [];
  for (const [one, other, shared] of meetings(places)) {
    const [first, second] = [chosen[one], chosen[other]];
    if (!first || !second || shared < least * new Set([...first.bigrams, ...second.bigrams]).size) continue;
    if (first.card.front === second.card.front || first.card.back === second.card.back) continue;
    found.push({ note: second.card.note, told: [rule, `${first.card.face.front} / ${second.card.face.front}`] });
  }
  return found;
}

/** Which two places met under how many bigrams; bigrams that nearly all share tell nothing. */
function meetings(places: ReadonlyMap<string, readonly number[]>): [one: number, other: number, shared: number][] {
  const met = new Map<string, [number, number, number]>();
  for (const at of places.values()) {
    if (at.length > MOST_COMMON) continue;
    at.forEach((one, index) => {
      for (const other of at.slice(index + 1)) {
        const pair = met.get(`${one} ${other}`) ?? [one, other, 0];
        met.set(`${one} ${other}`, [one, other, pair[2] + 1]);
      }
    });
  }
  return [...met.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** Pairs of neighbouring Han characters, and whole words of other scripts. */
export function bigramsOf(text: string): Set<string> {
  const found = new Set<string>();
  for (const piece of text.normalize('NFKC').toLowerCase().match(PIECES) ?? []) {
    if (!CJK.test(piece) || piece.length === 1) found.add(piece);
    else for (let at = 0; at + 1 < piece.length; at++) found.add(piece.slice(at, at + 2));
  }
  return found;
}
