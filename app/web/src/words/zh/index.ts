// Chinese, the first language: its files define the keys. {name} is a hole; {n} is a count.
export const zh = {
  first: async () => (await import('./first')).words,
  decks: async () => (await import('./decks')).words,
  cards: async () => (await import('./cards')).words,
  write: async () => (await import('./write')).words,
  browse: async () => (await import('./browse')).words,
  bring: async () => (await import('./bring')).words,
  review: async () => (await import('./review')).words,
  summary: async () => (await import('./summary')).words,
  out: async () => (await import('./out')).words,
  me: async () => (await import('./me')).words,
  exam: async () => (await import('./exam')).words,
  stats: async () => (await import('./stats')).words,
};
