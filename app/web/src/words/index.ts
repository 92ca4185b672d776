// The words of the interface: one folder a language, one file a part. Chinese is the first language and defines parts and
// keys; every other language must hold the same, or it does not compile. A part's words come together with its page.
import { batch, signal } from '@preact/signals';
import { en } from './en';
import { zh } from './zh';

/** A sentence, or its plural forms, chosen by Intl.PluralRules from the value called `n`. */
export type Phrase = string | { readonly one: string; readonly other: string };
export type Part = keyof typeof zh;
type InChinese = { readonly [P in Part]: Awaited<ReturnType<(typeof zh)[P]>> };
export type WordsOf<P extends Part> = { readonly [K in keyof InChinese[P]]: Phrase };
/** What a language's `index.ts` must hold: a way to load each part. */
export type Parts = { readonly [P in Part]: () => Promise<WordsOf<P>> };

export const languages = { zh, en } satisfies Record<string, Parts>;
/** As the server names them; `<html lang>` gets the full tag. */
export type Language = keyof typeof languages;

type Sentences = { [P in Part]: (part: InChinese[P]) => void }[Part] extends (all: infer All) => void ? All : never;
export type Key = keyof Sentences;
type Words = { readonly [K in Key]: Phrase };
type Holes<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Values<K extends Key> = [Holes<Sentences[K]>] extends [never]
  ? []
  : [values: { readonly [Name in Holes<Sentences[K]>]: string | number }];

/** Keys of sentences without holes: what tables of words may hold. */
export type PlainKey = { [K in Key]: [Holes<Sentences[K]>] extends [never] ? K : never }[Key];

export const language = signal<Language>('zh');
const words = signal<Partial<Words>>({});
const used = new Set<Part>(['first']);
const known = new Map<`${Language}/${Part}`, Partial<Words>>();
let wanted: Language = 'zh';

/** Loads the words in use in a language and shows it everywhere at once; the last call wins. */
export async function speakIn(tag: Language): Promise<void> {
  wanted = tag;
  await learn();
}

/** Makes the words of these parts known, in the language of now and in every one that is chosen later. */
export async function withWords(...parts: readonly Part[]): Promise<void> {
  const added = parts.filter((part) => !used.has(part));
  for (const part of added) used.add(part);
  await learn().catch((error: unknown) => {
    // Without a network they may be out of reach: what is known stays usable, and the page asks again.
    for (const part of added) used.delete(part);
    throw error;
  });
}

async function learn(): Promise<void> {
  const tag = wanted;
  const missing = [...used].filter((part) => !known.has(`${tag}/${part}`));
  await Promise.all(missing.map(async (part) => known.set(`${tag}/${part}`, await languages[tag][part]())));
  // Another language may have been chosen meanwhile, and it may lack what was asked for here.
  if (wanted !== tag) return learn();
  if (missing.length === 0 && language.peek() === tag) return;
  batch(() => {
    words.value = Object.assign({}, ...[...used].map((part) => known.get(`${tag}/${part}`)));
    language.value = tag;
  });
}

export const tags = Object.keys(languages) as Language[];

/** The interface language that fits the browser's: Chinese for every kind of Chinese, English where there is none. */
export function languageOf(tag: string): Language {
  return tags.find((each) => tag.toLowerCase().startsWith(each)) ?? 'en';
}

/** What each language calls itself. */
export const ownNames: Readonly<Record<Language, string>> = { zh: '中文', en: 'English' };

/** The sentence of a key in the interface language, its holes filled; components that call it follow the language. */
export function t<K extends Key>(key: K, ...values: Values<K>): string {
  return fill(words.value[key] ?? key, values[0] ?? {}, language.value);
}

export function fill(phrase: Phrase, values: Readonly<Record<string, string | number>>, tag: Language): string {
  return chosen(phrase, values.n, tag).replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? numberIn(value, tag) : (value ?? hole);
  });
}

function chosen(phrase: Phrase, count: string | number | undefined, tag: Language): string {
  if (typeof phrase === 'string') return phrase;
  const form = new Intl.PluralRules(tag).select(Number(count ?? 0));
  return form === 'one' ? phrase.one : phrase.other;
}

const numbers = new Map<string, Intl.NumberFormat>();

// They write a whole number below a thousand as JavaScript does. The first of Intl's formats is dear: it reads the data of all languages.
const plainly: ReadonlySet<string> = new Set<Language>(['zh', 'en']);

function isPlain(value: number, tag: Language): boolean {
  return Number.isInteger(value) && value >= 0 && value < 1000 && plainly.has(tag);
}

function numberIn(value: number, tag: Language): string {
  if (isPlain(value, tag)) return String(value);
  const known = numbers.get(tag) ?? new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  numbers.set(tag, known);
  return known.format(value);
}

/** A number as the interface language writes it, with at most one decimal. */
export function number(value: number): string {
  return numberIn(value, language.value);
}

export function percent(share: number): string {
  const hundredths = Math.round(share * 100);
  if (isPlain(hundredths, language.value)) return `${hundredths}%`;
  return new Intl.NumberFormat(language.value, { style: 'percent' }).format(share);
}
