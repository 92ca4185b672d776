import { expect, it } from 'vitest';
import { cleaned } from './note_form';

const before = { front: '问', back: '右', choices: '左\n右\n上' };

it.each([
  ['a new right answer takes the place of the old one', { ...before, back: '右边' }, '左\n右边\n上'],
  ['one that was offered already leaves the old one as a wrong choice', { ...before, back: '左' }, '左\n右\n上'],
  ['where the old one was taken off, the new one is added', { ...before, back: '下', choices: '左\n上' }, '左\n上\n下'],
])('of a choice: %s', (_, fields, choices) => {
  expect(cleaned('choice', fields, before).choices).toBe(choices);
});
