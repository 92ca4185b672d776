// What languages of voices are called in the language of the app: the browser knows.
import type { Language } from '.';

export function tongueName(tag: string, language: Language): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(tag) ?? tag;
}
