import { expect, test } from 'vitest';
import { Looked } from '../src/store/shelf';
import type { DeckRow } from '../src/wire';

const deck = (name: string) => ({ id: name, name, options: {} }) as DeckRow;

test('news from elsewhere keep nobody waiting: what was seen last does until the decks are read again', async () => {
  let decks = [deck('before')];
  const looked = new Looked(async () => decks);
  await looked.look();
  decks = [deck('after')];
  looked.through(() => looked.forget());
  expect([looked.isFresh, looked.last.name('before')]).toEqual([true, 'before']);
  await looked.look();
  expect([looked.isFresh, looked.last.name('after')]).toEqual([true, 'after']);
});

test('who has seen nothing yet, or changed something here, waits', async () => {
  const looked = new Looked(async () => [deck('one')]);
  looked.through(() => looked.forget());
  expect(looked.isFresh).toBe(false);
  await looked.look();
  looked.forget();
  expect(looked.isFresh).toBe(false);
});
