import { describe, expect, it } from 'vitest';
import { LOOK_AHEAD_MS, nextCard } from '../queue';
import type { CardRow, Phase } from '../wire';
import { type Line, moved, restored, soon, without } from './line';

const NOW = 1_000_000_000_000;

function card(id: string, phase: Phase): CardRow {
  return { id, phase } as CardRow;
}

const line: Line = {
  now: ['a', 'b', 'c'],
  later: [{ id: 'x', due_at: NOW + 60_000 }],
  left: { new: 2, learning: 1, review: 1 },
};

describe('the line of cards', () => {
  it('gives a learning card its turn when its time has come, and not before', () => {
    expect(nextCard(line, NOW)).toBe('a');
    expect(nextCard(line, NOW + 60_000)).toBe('x');
  });

  it('looks ahead twenty minutes when nothing else is left, and no further', () => {
    const waiting: Line = { ...line, now: [], later: [{ id: 'x', due_at: NOW + LOOK_AHEAD_MS }] };
    expect(nextCard(waiting, NOW)).toBe('x');
    expect(nextCard(waiting, NOW - 1)).toBeNull();
    expect(nextCard({ ...waiting, later: [] }, NOW)).toBeNull();
  });

  it('counts a new card that comes back today as learning', () => {
    const after = moved(line, card('a', 0), NOW + 30_000);
    expect(after.left).toEqual({ new: 1, learning: 2, review: 1 });
    expect(after.now).toEqual(['b', 'c']);
    expect(after.later.map((each) => each.id)).toEqual(['a', 'x']);
  });

  it('lets a card go when it is not due again today', () => {
    const after = moved(line, card('c', 2), null);
    expect(after.left).toEqual({ new: 2, learning: 1, review: 0 });
    expect(soon(after, 5)).toEqual(['a', 'b', 'x']);
  });

  it.each([NOW + 600_000, null])('is as it was after an act that is taken back (due again at %s)', (dueAt) => {
    const back = restored(moved(line, card('a', 0), dueAt), card('a', 0), dueAt);
    expect(back).toEqual(line);
  });

  it('forgets a deleted card wherever it stood', () => {
    expect(without(without(line, 'x'), 'b')).toEqual({ ...line, now: ['a', 'c'], later: [] });
  });
});
