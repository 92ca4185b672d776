import { describe, expect, test } from 'vitest';
import { clockOffset, culpritsOf, requestOf, waitAfter } from '../src/plan';

describe('what a request holds, and when', () => {
  test('the clock’s difference stays while the measurement does not contradict it', () => {
    expect(clockOffset(0, 1000, 1400, 1300)).toBe(0);
    expect(clockOffset(0, 10_000, 10_400, 5000)).toBe(5200);
    expect(clockOffset(5000, 10_000, 30_000, 10_000)).toBe(5000);
  });

  test('pauses grow, with a spread, up to five minutes', () => {
    expect([1, 2, 3, 20].map((failures) => waitAfter(failures, 1))).toEqual([2000, 4000, 8000, 300_000]);
    expect(waitAfter(1, 0)).toBe(1000);
  });

  test('a request holds at most 1,000 events and 200 edits, oldest first', () => {
    const item = (n: number) => ({ n, id: `${n}`, about: 'x', event: { id: `${n}` }, edit: null, before: null });
    const items = Array.from({ length: 1200 }, (_, n) => item(n)) as never[];
    const device = { id: 'd', cursor: 7 } as never;
    const request = requestOf(items, device);
    expect([request.events.length, request.events.at(-1)?.id, request.cursor]).toEqual([1000, '999', 7]);
    expect(requestOf(items, device, 3).events.map(({ id }) => id)).toEqual(['0', '1', '2']);
  });

  test('who spoilt a request', () => {
    const request = { events: [{ id: 'a' }, { id: 'b' }], edits: [{ id: 'c' }] } as never;
    const errors = ['/events/1/at', '/edits/0/fields/x', '/events/9', '/cursor', ''].map((pointer) => ({
      pointer,
      code: 'x',
    }));
    expect(culpritsOf({ type: '', title: '', status: 422, errors }, request)).toEqual(['b', 'c']);
    expect(culpritsOf(null, request)).toEqual([]);
  });
});
