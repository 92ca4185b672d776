import { beforeEach, describe, expect, it } from 'vitest';
import { en } from './en';
import { fill, type Key, languageOf, type Phrase, speakIn, t } from './index';
import { dayFrom, days, interval, spent } from './time';
import { zh } from './zh';

beforeEach(() => speakIn('zh'));

function forms(phrase: Phrase): string[] {
  return typeof phrase === 'string' ? [phrase] : [phrase.one, phrase.other];
}

function holes(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

describe('the catalogue', () => {
  it.each(Object.keys(zh) as Key[])('%s has the same holes in both languages', (key) => {
    for (const form of forms(en[key])) expect(holes(form)).toEqual(holes(zh[key]));
  });

  it('says nothing twice in Chinese with an empty sentence', () => {
    expect(Object.entries({ ...zh, ...en }).filter(([, phrase]) => forms(phrase).some((form) => !form.trim()))).toEqual(
      [],
    );
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
