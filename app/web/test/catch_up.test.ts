import { expect, test } from 'vitest';
import { daysToCatchUp } from '../src/catch_up';

const ALONE = { due: 100, coming: [], gap: 400, forgotten: 0 };

test.each([
  ['what is left is done in so many days', ALONE, 30, 4],
  ['one day is enough', ALONE, 100, 1],
  ['what comes meanwhile is done too', { ...ALONE, coming: Array(400).fill(10) }, 30, 5],
  ['as much as comes never ends', { ...ALONE, coming: Array(400).fill(30) }, 30, null],
  ['what was forgotten comes back the next day', { ...ALONE, forgotten: 0.5 }, 30, 6],
  ['what was known comes back after its gap', { ...ALONE, gap: 2 }, 30, null],
  ['nothing is due', { ...ALONE, due: 0 }, 30, 1],
])('%s', (_name, backlog, perDay, days) => {
  expect(daysToCatchUp(backlog, perDay)).toBe(days);
});
