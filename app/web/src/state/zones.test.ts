import { expect, it } from 'vitest';
import type { TapAct } from '../wire';
import { zoneAt } from './zones';

const zones: TapAct[] = ['again', 'none', 'good'];

it.each([
  [0, 'again'],
  [119, 'again'],
  [120, 'none'],
  [239, 'none'],
  [240, 'good'],
  [360, 'good'],
  [-1, 'again'],
])('a tap at %i of 360 is %s', (x, act) => {
  expect(zoneAt(x, 360, zones)).toBe(act);
});

it('does nothing where nothing is bound', () => {
  expect(zoneAt(10, 360, [])).toBe('none');
});
