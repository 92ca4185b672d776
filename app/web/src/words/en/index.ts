import type { Parts } from '..';

export const en: Parts = {
  first: async () => (await import('./first')).words,
  decks: async () => (await import('./decks')).words,
  cards: async () => (await import('./cards')).words,
  summary: async () => (await import('./summary')).words,
  me: async () => (await import('./me')).words,
};
