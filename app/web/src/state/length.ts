import type { SessionLength } from '../wire';
import type { SessionOptions } from './session';

const LENGTHS: Readonly<Record<SessionLength, Pick<SessionOptions, 'minutes' | 'cards'>>> = {
  none: {},
  '5min': { minutes: 5 },
  '10min': { minutes: 10 },
  '20min': { minutes: 20 },
  '20cards': { cards: 20 },
  '50cards': { cards: 50 },
};

/** How a sitting is cut: by the minutes in the address ("just 5 minutes"), else by the learner's usual length. */
export function optionsOf(query: Readonly<Record<string, string>>, usual: SessionLength): SessionOptions {
  const { deck, minutes } = query;
  const length = Number(minutes) > 0 ? { minutes: Number(minutes) } : LENGTHS[usual];
  return { ...length, ...(deck && { deckId: deck }) };
}
