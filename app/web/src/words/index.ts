// The words of the interface. Chinese is the first language and defines the keys; every other language is one file
// that must hold the same keys, or it does not compile.
import { batch, signal } from '@preact/signals';
import type { zh } from './zh';

/** As the server names them; `<html lang>` gets the full tag. */
export type Language = 'zh' | 'en';
export type Key = keyof typeof zh;
/** A sentence, or its plural forms, chosen by Intl.PluralRules from the value called `n`. */
export type Phrase = string | { readonly one: string; readonly other: string };
export type Words = { readonly [K in Key]: Phrase };

type Holes<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Values<K extends Key> = [Holes<(typeof zh)[K]>] extends [never]
  ? []
  : [values: { readonly [Name in Holes<(typeof zh)[K]>]: string | number }];

/** Keys of sentences without holes: what tables of words may hold. */
export type PlainKey = { [K in Key]: [Holes<(typeof zh)[K]>] extends [never] ? K : never }[Key];

// Only the language in use is loaded; the type of Chinese checks all of them.
const files: { readonly [L in Language]: () => Promise<Words> } = {
  zh: async () => (await import('./zh')).zh,
  en: async () => (await import('./en')).en,
};
export const language = signal<Language>('zh');
const words = signal<Partial<Words>>({});
let wanted: Language | null = null;

/** Loads a language and shows it everywhere at once; the last call wins. */
export async function speakIn(tag: Language): Promise<void> {
  if (wanted === tag) return;
  wanted = tag;
  const loaded = await files[tag]();
  if (wanted !== tag) return;
  batch(() => {
    words.value = loaded;
    language.value = tag;
  });
}

/** The interface language that fits the browser's: Chinese for every kind of Chinese, else English. */
export function languageOf(tag: string): Language {
  return tag.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** The sentence of a key in the interface language, its holes filled; components that call it follow the language. */
export function t<K extends Key>(key: K, ...values: Values<K>): string {
  return fill(words.value[key] ?? key, values[0] ?? {}, language.value);
}

export function fill(phrase: Phrase, values: Readonly<Record<string, string | number>>, tag: Language): string {
  return chosen(phrase, values.n, tag).replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? numberIn(tag).format(value) : (value ?? hole);
  });
}

function chosen(phrase: Phrase, count: string | number | undefined, tag: Language): string {
  if (typeof phrase === 'string') return phrase;
  const form = new Intl.PluralRules(tag).select(Number(count ?? 0));
  return form === 'one' ? phrase.one : phrase.other;
}

const numbers = new Map<string, Intl.NumberFormat>();

function numberIn(tag: Language): Intl.NumberFormat {
  const known = numbers.get(tag) ?? new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  numbers.set(tag, known);
  return known;
}

/** A number as the interface language writes it, with at most one decimal. */
export function number(value: number): string {
  return numberIn(language.value).format(value);
}

export function percent(share: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent' }).format(share);
}
