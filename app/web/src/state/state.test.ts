import { afterEach, describe, expect, it } from 'vitest';
import { InvalidNote } from '../notes';
import { Gone } from '../store';
import { StorageError } from '../store/errors';
import { stopwatch } from './stopwatch';
import { flush, givenUp, trouble, unwritten, write } from './writer';

describe('the stopwatch', () => {
  it('stands still while the page is hidden and never counts more than a minute', () => {
    let now = 0;
    const watch = stopwatch(() => now);
    watch.start();
    now = 5000;
    watch.pause();
    now = 500_000;
    expect(watch.elapsed()).toBe(5000);
    watch.resume();
    now += 3000;
    expect(watch.elapsed()).toBe(8000);
    now += 500_000;
    expect(watch.elapsed()).toBe(60_000);
    watch.start();
    expect(watch.elapsed()).toBe(0);
  });
});

describe('writes in the background', () => {
  afterEach(flush);

  it('keep the order of the acts', async () => {
    const saved: number[] = [];
    for (const n of [1, 2, 3]) write(async () => saved.push(n));
    await flush();
    expect(saved).toEqual([1, 2, 3]);
    expect(unwritten.value).toBe(0);
  });

  it.each([
    [new Gone('act'), 'gone'],
    [new InvalidNote('front', 'empty'), 'invalid'],
  ])('are given up visibly when no retry can help, and those behind them go on (%s)', async (error, why) => {
    const saved: number[] = [];
    write(async () => {
      throw error;
    });
    write(async () => saved.push(2));
    await flush();
    expect([saved, trouble.value, unwritten.value, givenUp.value?.why]).toEqual([[2], null, 0, why]);
  });

  it('hold back what follows a failure, in memory, until a retry succeeds', async () => {
    const saved: number[] = [];
    let full = true;
    write(async () => {
      if (full) throw new StorageError('full');
      saved.push(1);
    });
    write(async () => saved.push(2));
    await flush();
    expect([saved, trouble.value, unwritten.value]).toEqual([[], 'full', 2]);
    full = false;
    await flush();
    expect([saved, trouble.value, unwritten.value]).toEqual([[1, 2], null, 0]);
  });
});
