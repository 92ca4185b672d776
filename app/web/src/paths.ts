/** The addresses of the app's pages; the manifest's shortcuts and share target name some of them too. */
export const PATHS = {
  home: '/',
  study: '/study',
  addDecks: '/decks/add',
  deck: '/decks/:id',
  cards: '/cards',
  card: '/cards/:id',
  newNote: '/notes/new',
  editNote: '/notes/:id',
  exam: '/exam/:rest*',
  importStart: '/import',
  importOne: '/import/:id',
  textReview: '/texts/:id',
  me: '/me',
  stats: '/me/stats',
  account: '/me/account',
  sync: '/me/sync',
} as const;
