import { expect, test } from 'vitest';
import { isReadAloud, tongueFor } from '../src/read_aloud';

test.each([
  ['front', undefined, 'off', false],
  ['back', undefined, 'auto', true],
  ['front', 'off', 'auto', false],
  ['front', 'question', 'off', true],
  ['back', 'question', 'auto', false],
  ['back', 'both', 'off', true],
] as const)('the %s of a deck that says %s, where the learner says %s: %s', (side, own, usual, read) => {
  expect(isReadAloud(side, own, usual)).toBe(read);
});

test.each([
  ['久仰', undefined, 'zh-CN'],
  ['久仰', 'zh-HK', 'zh-HK'],
  ['pleased to meet you', 'zh-HK', 'en'],
  ['bonjour', 'fr', 'fr'],
  ['你好', 'fr', 'zh-CN'],
  ['食べる', 'ja', 'ja'],
  ['日本', 'ja', 'ja'],
  ['たべる', undefined, 'ja'],
  ['たべる', 'zh-CN', 'ja'],
  ['to eat', 'ja', 'en'],
])('“%s” with a voice for %s is read in %s', (text, voice, tongue) => {
  expect(tongueFor(text, voice)).toBe(tongue);
});
