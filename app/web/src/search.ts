/** What a learner types to find cards: the grammar of the server's `core/search.py`, and which cards it means. */
import { isLeech } from './schedule';

const LONGEST = 400;
const MOST_TERMS = 40;
const DEEPEST = 16;

const STATES = ['new', 'learning', 'review', 'due', 'suspended', 'buried', 'flagged', 'leech'] as const;
const KINDS = ['basic', 'reverse', 'cloze', 'list', 'type', 'choice', 'anki'];
const NUMBERS = ['due', 'lapses', 'reps', 'interval', 'stability', 'difficulty'] as const;
/** As Anki writes them. */
const SHORT: Readonly<Record<string, string>> = { ivl: 'interval', s: 'stability', d: 'difficulty' };

type State = (typeof STATES)[number];
type NumberName = (typeof NUMBERS)[number];
type Sign = '<=' | '>=' | '!=' | '=' | '<' | '>';

export type Search =
  | { is: 'all' | 'any'; of: readonly Search[] }
  | { is: 'not'; of: Search }
  | { is: 'word'; text: string }
  | { is: 'deck' | 'tag'; name: string; openEnd: boolean }
  | { is: 'state'; state: State }
  | { is: 'kind'; kind: string }
  | { is: 'flag'; flag: number }
  | { is: 'number'; name: NumberName; sign: Sign; value: number };

/** What a search asks of a card. Names, tags and text are folded; `due` counts from today. */
export interface Facts {
  deck: string;
  tags: readonly string[];
  text: string;
  kind: string;
  phase: number;
  suspended: boolean;
  buried: boolean;
  flag: number;
  due: number | null;
  lapses: number;
  reps: number;
  interval: number | null;
  stability: number | null;
  difficulty: number | null;
}

export type Reason =
  | 'quote-open'
  | 'bracket-open'
  | 'bracket-empty'
  | 'key-unknown'
  | 'value-missing'
  | 'value-unknown'
  | 'number-unknown'
  | 'nothing-beside'
  | 'too-long';

/** The search cannot be read; `words` are those at fault. */
export class SearchInvalid extends Error {
  constructor(
    readonly reason: Reason,
    readonly words = '',
  ) {
    super(`${reason}: ${words}`);
    this.name = 'SearchInvalid';
  }
}

/** Case, width and form make no difference to finding. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The search that a text means. Throws SearchInvalid. */
export function parse(text: string): Search {
  const characters = [...text];
  if (characters.length > LONGEST) throw new SearchInvalid('too-long');
  const tokens = tokensOf(characters);
  if (tokens.length > MOST_TERMS) throw new SearchInvalid('too-long');
  const reader = new Reader(tokens);
  const found = reader.anyOf(0);
  if (reader.sign() !== null) throw new SearchInvalid('nothing-beside', ')');
  return found;
}

// --- tokens ------------------------------------------------------------------------------------------------------

interface Token {
  sign: '(' | ')' | '-' | 'AND' | 'OR' | 'words' | 'run';
  text: string;
  /** Of a run that ends with a quoted value. */
  value?: string;
}

const BLANK = new Set(' \t\r\n\u3000');
const QUOTES = new Set('"“”＂');
const OPEN = new Set('(（');
const CLOSE = new Set(')）');
const COLONS = new Set(':：');

function tokensOf(text: readonly string[]): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    if (BLANK.has(text[at] ?? '')) {
      at++;
      continue;
    }
    const [token, next] =
      signAt(text, at, depth) ?? (QUOTES.has(text[at] ?? '') ? wordsAt(text, at) : runAt(text, at, depth));
    if (token.sign === '(') depth++;
    if (token.sign === ')') depth--;
    tokens.push(token);
    at = next;
  }
  if (depth > 0) throw new SearchInvalid('bracket-open');
  return tokens.map((token, place) => between(tokens[place - 1], token, tokens[place + 1]));
}

const ENDS_TERM = new Set([')', 'words', 'run']);
const BEGINS_TERM = new Set(['(', '-', 'words', 'run']);

/** The token, where `or` and `and` between two terms are signs: alone they are words to find. */
function between(before: Token | undefined, token: Token, after: Token | undefined): Token {
  const sign = token.text.toUpperCase();
  const isSign = token.sign === 'run' && (sign === 'OR' || sign === 'AND');
  return isSign && ENDS_TERM.has(before?.sign ?? '') && BEGINS_TERM.has(after?.sign ?? '')
    ? { sign, text: token.text }
    : token;
}

function signAt(text: readonly string[], at: number, depth: number): [Token, number] | null {
  const char = text[at] ?? '';
  if (OPEN.has(char)) return [{ sign: '(', text: char }, at + 1];
  if (CLOSE.has(char) && depth > 0) return [{ sign: ')', text: char }, at + 1];
  const isMinus = (char === '-' || char === '－') && at + 1 < text.length && !BLANK.has(text[at + 1] ?? '');
  return isMinus ? [{ sign: '-', text: char }, at + 1] : null;
}

function wordsAt(text: readonly string[], at: number): [Token, number] {
  const [words, next] = quotedAt(text, at);
  return [{ sign: 'words', text: words }, next];
}

function quotedAt(text: readonly string[], at: number): [string, number] {
  let words = '';
  let end = at + 1;
  while (end < text.length && !QUOTES.has(text[end] ?? '')) {
    if (text[end] === '\\' && end + 1 < text.length) end++;
    words += text[end++];
  }
  if (end >= text.length) throw new SearchInvalid('quote-open', text.slice(at).join(''));
  return [words, end + 1];
}

function runAt(text: readonly string[], at: number, depth: number): [Token, number] {
  let end = at;
  while (end < text.length && !BLANK.has(text[end] ?? '') && !(depth > 0 && CLOSE.has(text[end] ?? ''))) {
    if (QUOTES.has(text[end] ?? '') && COLONS.has(text[end - 1] ?? '')) {
      const [value, next] = quotedAt(text, end);
      return [{ sign: 'run', text: text.slice(at, end).join(''), value }, next];
    }
    end++;
  }
  const run = text.slice(at, end).join('');
  return [{ sign: run === 'AND' || run === 'OR' ? run : 'run', text: run }, end];
}

// --- the grammar -------------------------------------------------------------------------------------------------

class Reader {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  sign(): Token['sign'] | null {
    return this.tokens[this.at]?.sign ?? null;
  }

  anyOf(depth: number): Search {
    if (depth > DEEPEST) throw new SearchInvalid('too-long');
    const first = this.allOf(depth);
    const parts = [first];
    while (this.sign() === 'OR') {
      this.at++;
      parts.push(this.allOf(depth, 'OR'));
    }
    if (parts.length === 1) return first;
    if (isEmpty(first)) throw new SearchInvalid('nothing-beside', 'OR');
    return { is: 'any', of: parts };
  }

  private allOf(depth: number, beside = ''): Search {
    const parts: Search[] = [];
    let sign = beside;
    while (!this.isAtEnd()) {
      if (this.sign() === 'AND') {
        this.at++;
        sign = 'AND';
        if (parts.length === 0 || this.isAtEnd() || this.sign() === 'AND')
          throw new SearchInvalid('nothing-beside', sign);
      }
      parts.push(this.term(depth));
    }
    if (parts.length === 0 && sign) throw new SearchInvalid('nothing-beside', sign);
    const [only] = parts;
    return only && parts.length === 1 ? only : { is: 'all', of: parts };
  }

  private isAtEnd(): boolean {
    const sign = this.sign();
    return sign === null || sign === ')' || sign === 'OR';
  }

  private term(depth: number): Search {
    const token = this.tokens[this.at++];
    if (!token) throw new SearchInvalid('nothing-beside');
    if (token.sign === '-') {
      if (depth > DEEPEST || this.isAtEnd() || this.sign() === 'AND') throw new SearchInvalid('nothing-beside', '-');
      return { is: 'not', of: this.term(depth + 1) };
    }
    if (token.sign === '(') {
      const inside = this.anyOf(depth + 1);
      this.at++;
      if (isEmpty(inside)) throw new SearchInvalid('bracket-empty');
      return inside;
    }
    return token.sign === 'words' ? { is: 'word', text: folded(token.text) } : conditionOf(token);
  }
}

function isEmpty(search: Search): boolean {
  return search.is === 'all' && search.of.length === 0;
}

function conditionOf({ text, value: quoted }: Token): Search {
  const [, name, rest = ''] = /^([A-Za-z]+)[:：](.*)$/s.exec(text) ?? [];
  if (name === undefined) return { is: 'word', text: folded(text) };
  const condition = CONDITIONS[name.toLowerCase()];
  if (!condition) throw new SearchInvalid('key-unknown', name);
  const value = quoted ?? rest;
  if (!value.trim()) throw new SearchInvalid('value-missing', name);
  return condition(folded(value), quoted !== undefined);
}

function levelOf(what: 'deck' | 'tag') {
  return (value: string, isQuoted: boolean): Search => {
    const openEnd = value.endsWith('*') && !isQuoted;
    return { is: what, name: openEnd ? value.slice(0, -1) : value, openEnd };
  };
}

function stateOf(value: string): Search {
  const state = STATES.find((each) => each === value);
  if (!state) throw new SearchInvalid('value-unknown', `is:${value}`);
  return { is: 'state', state };
}

function kindOf(value: string): Search {
  if (!KINDS.includes(value)) throw new SearchInvalid('value-unknown', `kind:${value}`);
  return { is: 'kind', kind: value };
}

function flagOf(value: string): Search {
  if (!/^[0-7]$/.test(value)) throw new SearchInvalid('value-unknown', `flag:${value}`);
  return { is: 'flag', flag: Number(value) };
}

function numberOf(value: string): Search {
  const plain = value.replaceAll('≤', '<=').replaceAll('≥', '>=').replaceAll('≠', '!=');
  const found = /^([a-z]+)(<=|>=|!=|=|<|>)(-?[0-9]{1,9}(?:\.[0-9]{1,6})?)$/.exec(plain);
  const name = NUMBERS.find((each) => each === (SHORT[found?.[1] ?? ''] ?? found?.[1]));
  if (!found || !name) throw new SearchInvalid('number-unknown', `prop:${value}`);
  return { is: 'number', name, sign: found[2] as Sign, value: Number(found[3]) };
}

const CONDITIONS: Readonly<Record<string, (value: string, isQuoted: boolean) => Search>> = {
  deck: levelOf('deck'),
  tag: levelOf('tag'),
  is: stateOf,
  kind: kindOf,
  flag: flagOf,
  prop: numberOf,
};

// --- which cards -------------------------------------------------------------------------------------------------

/** Whether the card is one of those meant. */
export function matches(search: Search, card: Facts): boolean {
  switch (search.is) {
    case 'all':
      return search.of.every((part) => matches(part, card));
    case 'any':
      return search.of.some((part) => matches(part, card));
    case 'not':
      return !matches(search.of, card);
    case 'word':
      return card.text.includes(search.text);
    case 'deck':
      return isWithin(search, card.deck);
    case 'tag':
      return card.tags.some((tag) => isWithin(search, tag)) || (isNoTag(search) && card.tags.length === 0);
    case 'state':
      return stands(search.state, card);
    case 'kind':
      return card.kind === search.kind;
    case 'flag':
      return card.flag === search.flag;
    case 'number':
      return compares(card[search.name], search.sign, search.value);
  }
}

interface Level {
  name: string;
  openEnd: boolean;
}

function isNoTag({ name, openEnd }: Level): boolean {
  return name === 'none' && !openEnd;
}

/** Whether the folded name of a deck or tag is the one meant, or below it. */
function isWithin({ name, openEnd }: Level, folded: string): boolean {
  if (openEnd) return folded.startsWith(name);
  return folded === name || folded.startsWith(`${name}::`);
}

function stands(state: State, card: Facts): boolean {
  switch (state) {
    case 'new':
      return card.phase === 0;
    case 'learning':
      return card.phase === 1 || card.phase === 3;
    case 'review':
      return card.phase === 2;
    case 'due':
      return !card.suspended && card.phase > 0 && card.due !== null && card.due <= 0;
    case 'suspended':
      return card.suspended;
    case 'buried':
      return card.buried;
    case 'flagged':
      return card.flag > 0;
    case 'leech':
      return isLeech(card);
  }
}

function compares(number: number | null, sign: Sign, value: number): boolean {
  if (number === null) return false;
  switch (sign) {
    case '<':
      return number < value;
    case '>':
      return number > value;
    case '<=':
      return number <= value;
    case '>=':
      return number >= value;
    case '=':
      return number === value;
    case '!=':
      return number !== value;
  }
}
