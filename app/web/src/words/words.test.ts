import { beforeEach, describe, expect, it } from 'vitest';
import {
  fill,
  type Key,
  type Language,
  languageOf,
  languages,
  type Part,
  type Phrase,
  speakIn,
  t,
  tags,
  withWords,
} from './index';
import { dayFrom, days, interval, spent } from './time';

const parts = Object.keys(languages.zh) as Part[];

beforeEach(() => speakIn('zh'));

function forms(phrase: Phrase): string[] {
  return typeof phrase === 'string' ? [phrase] : [phrase.one, phrase.other];
}

function holes(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

async function sentences(tag: Language): Promise<[part: Part, key: string, phrase: Phrase][]> {
  const loaded = await Promise.all(parts.map(async (part) => Object.entries<Phrase>(await languages[tag][part]())));
  return loaded.flatMap((entries, at) =>
    entries.map(([key, phrase]): [Part, string, Phrase] => [parts[at] as Part, key, phrase]),
  );
}

describe('the catalogue', () => {
  it.each(tags)('has the same holes in %s as in Chinese', async (tag) => {
    const chinese = new Map((await sentences('zh')).map(([, key, phrase]) => [key, holes(forms(phrase)[0] ?? '')]));
    for (const [, key, phrase] of await sentences(tag))
      for (const form of forms(phrase)) expect([key, holes(form)]).toEqual([key, chinese.get(key)]);
  });

  it.each(tags)('has no empty sentence in %s, and no key in two parts', async (tag) => {
    const all = await sentences(tag);
    expect(all.filter(([, , phrase]) => forms(phrase).some((form) => !form.trim()))).toEqual([]);
    expect(new Set(all.map(([, key]) => key)).size).toBe(all.length);
  });

  it('brings the words of a page in the language of now and of later', async () => {
    const key: Key = 'searchHint';
    expect(t(key)).toBe(key);
    await withWords('cards');
    expect(t(key)).toBe('搜索正面、背面和说明');
    await speakIn('en');
    expect(t(key)).toBe('Fronts, backs and notes');
  });

  it('shows the language chosen last, with the words of a page that was opened meanwhile', async () => {
    await Promise.all([speakIn('en'), withWords('summary'), speakIn('zh'), withWords('me')]);
    expect([t('goOn'), t('appearance')]).toEqual(['继续学习', '外观']);
    await Promise.all([withWords('decks'), speakIn('en')]);
    expect(t('renameDeck')).toBe('Rename');
  });

  it('chooses plural forms by the language', async () => {
    await speakIn('en');
    expect(t('leftToday', { n: 1 })).toBe('1 card left today');
    expect(t('leftToday', { n: 0 })).toBe('0 cards left today');
    await speakIn('zh');
    expect(t('leftToday', { n: 1 })).toBe('今天还有 1 张');
  });

  it('groups large numbers and leaves unknown holes visible', () => {
    expect(fill('{n} of {all}', { n: 12_345 }, 'en')).toBe('12,345 of {all}');
  });

  it('takes every kind of Chinese as Chinese', () => {
    expect(['zh', 'zh-HK', 'ZH-hant-tw', 'en-GB', 'fr'].map(languageOf)).toEqual(['zh', 'zh', 'zh', 'en', 'en']);
  });
});

describe('times in words', () => {
  it('never abbreviates a reader’s interval', async () => {
    await speakIn('en');
    expect([0.5, 1, 10, 90, 1440].map((minutes) => interval(minutes, 'long'))).toEqual([
      '30 seconds',
      '1 minute',
      '10 minutes',
      '1.5 hours',
      '1 day',
    ]);
  });

  it('turns to months and years when days become hard to read', () => {
    expect([59, 91, 730].map((count) => days(count, 'long'))).toEqual(['59天', '3个月', '2年']);
  });

  it('names days near today', () => {
    expect([-1, 0, 1, 3].map((away) => dayFrom(20_000, 20_000 + away))).toEqual(['昨天', '今天', '明天', '3天后']);
  });

  it('rounds time spent to the minute once it is longer than one', async () => {
    await speakIn('en');
    expect([59_400, 61_000, 600_000].map((ms) => spent(ms))).toEqual(['59 seconds', '1 minute', '10 minutes']);
  });
});
