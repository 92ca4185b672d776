import { describe, expect, it } from 'vitest';
import { Stretch } from './stretch';

describe('a stretch of study', () => {
  it('ends with its minutes, which stand still during a break', () => {
    let now = 0;
    const stretch = new Stretch(() => now);
    stretch.begin({ minutes: 5 });
    now = 4 * 60_000;
    stretch.stop();
    now = 60 * 60_000;
    expect(stretch.minutesLeft()).toBe(1);
    stretch.start();
    expect(stretch.isOver()).toBe(false);
    now += 60_001;
    expect(stretch.isOver()).toBe(true);
    stretch.begin({ minutes: 5 });
    expect(stretch.isOver()).toBe(false);
  });

  it('ends with its cards; an answer taken back does not count', () => {
    const stretch = new Stretch(() => 0);
    stretch.begin({ cards: 2 });
    stretch.count(1);
    stretch.count(1);
    expect(stretch.isOver()).toBe(true);
    stretch.count(-1);
    expect(stretch.isOver()).toBe(false);
  });

  it('has no end of its own without a length', () => {
    let now = 0;
    const stretch = new Stretch(() => now);
    stretch.begin({});
    expect(stretch.minutesLeft()).toBe(null);
    stretch.count(1);
    now = 1e9;
    expect(stretch.isOver()).toBe(false);
  });
});
