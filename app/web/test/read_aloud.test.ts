import { expect, test } from 'vitest';
import { isReadAloud, tongueFor } from '../src/read_aloud';

test.each([
  ['front', 'off', false],
  ['back', 'both', true],
  ['front', 'question', true],
  ['back', 'question', false],
] as const)('the %s of a deck that has %s read aloud: %s', (side, when, read) => {
  expect(isReadAloud(side, when)).toBe(read);
});

test.each([
  ['久仰', 'auto', 'zh-CN'],
  ['久仰', 'zh-HK', 'zh-HK'],
  ['pleased to meet you', 'zh-HK', 'en'],
  ['bonjour', 'fr', 'fr'],
  ['你好', 'fr', 'zh-CN'],
  ['食べる', 'ja', 'ja'],
  ['日本', 'ja', 'ja'],
  ['たべる', 'auto', 'ja'],
  ['たべる', 'zh-CN', 'ja'],
  ['to eat', 'ja', 'en'],
] as const)('“%s” with a voice for %s is read in %s', (text, voice, tongue) => {
  expect(tongueFor(text, voice)).toBe(tongue);
});
