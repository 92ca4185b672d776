import { expect, it } from 'vitest';
import { isPull } from './pull';

const top = { x: 100, y: 100, scrolled: 0 };

it.each([
  [top, { x: 110, y: 200, scrolled: 0 }, true],
  [top, { x: 100, y: 180, scrolled: 0 }, false],
  [top, { x: 180, y: 200, scrolled: 0 }, false],
  [top, { x: 100, y: 20, scrolled: 80 }, false],
  [{ ...top, scrolled: 40 }, { x: 100, y: 240, scrolled: 0 }, false],
])('from %j to %j is a pull: %s', (from, to, pulled) => {
  expect(isPull(from, to)).toBe(pulled);
});
