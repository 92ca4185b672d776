import type { WordsOf } from '..';

export const words: WordsOf<'decks'> = {
  add: 'Add',

  // home
  newDeck: 'New deck',
  deckName: 'Deck name',
  addMainDecks: 'Add the four main decks',
  adding: 'Adding…',
  added: 'Added',
  cardCount: { one: '{n} card', other: '{n} cards' },
  updateDeck: 'Update',
  catalogueEmpty: 'The server has no decks to add.',
  startStudy: 'Start studying',
  installHint: 'Add Wengu to your home screen: it opens faster, and the browser will not clear your answers.',

  // deck
  total: { one: '{n} card in all', other: '{n} cards in all' },
  browseCards: 'Browse cards',
  newPerDay: 'New cards a day',
  reviewsPerDay: 'Reviews a day',
  newOrder: 'Order of new cards',
  orderPosition: 'As in the deck',
  orderRandom: 'Random',
  reviewOrder: 'Order of reviews',
  orderDue: 'Earliest due first',
  orderRetrievability: 'Nearly forgotten first',
  mix: 'New cards and reviews',
  mixMixed: 'Mixed',
  mixNewFirst: 'New cards first',
  mixReviewsFirst: 'Reviews first',
  retentionOwn: 'Own share to remember',
  retentionCommon: 'Now as set for all decks: {share}',
  renameDeck: 'Rename',
  deleteDeck: 'Delete deck',
  deckDeleted: 'Deleted the deck “{deck}”',
  deckMissing: 'There is no such deck; it may have been deleted.',
};
