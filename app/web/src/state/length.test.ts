import { expect, it } from 'vitest';
import { optionsOf } from './length';

it.each([
  [{}, 'none', {}],
  [{ deck: 'd' }, '20cards', { deckId: 'd', cards: 20 }],
  [{}, '10min', { minutes: 10 }],
  [{ minutes: '5' }, '50cards', { minutes: 5 }],
  [{ minutes: 'many' }, '5min', { minutes: 5 }],
] as const)('%j with the usual length %s gives %j', (query, usual, options) => {
  expect(optionsOf(query as Record<string, string>, usual)).toEqual(options);
});
