/** When a card is read aloud by itself, and with a voice of which language. Pure. */
import type { ReadAloud, WholeOptions } from './wire';

export function isReadAloud(side: 'front' | 'back', when: ReadAloud): boolean {
  return when === 'both' || (when === 'question' && side === 'front');
}

const HAN = /\p{Script=Han}/u;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * The language to read a text in: the deck's own where such a voice can read the script, else the one that the script suggests. So a
 * deck of Cantonese words with English answers has its questions in Cantonese and its answers in English.
 */
export function tongueFor(text: string, voice: WholeOptions['voice']): string {
  const guess = HAN.test(text) ? 'zh-CN' : KANA.test(text) ? 'ja' : 'en';
  if (voice === 'auto') return guess;
  const base = voice.slice(0, 2);
  if (base === 'ja') return guess === 'en' ? guess : voice;
  return (base === 'zh') === (guess === 'zh-CN') && guess !== 'ja' ? voice : guess;
}
