import type { WordsOf } from '..';

export const words: WordsOf<'first'> = {
  app: 'Wengu',
  skip: 'Skip to content',
  places: 'Main places',
  placeStudy: 'Study',
  placeCards: 'Cards',
  placeMe: 'Me',
  back: 'Back',
  close: 'Close',
  save: 'Save',
  saved: 'Saved',
  retry: 'Retry',
  undo: 'Undo',
  more: 'More',
  loading: 'Loading…',
  notFound: 'There is no such page',
  toHome: 'Back to the start',
  reason: 'Reason: {reason}',

  // banners
  offline: 'Offline: answers are kept on this device',
  updateReady: 'A new version is ready',
  updateNow: 'Update',
  saveFailed: {
    one: '{n} answer is not written to this device yet; please keep the page open',
    other: '{n} answers are not written to this device yet; please keep the page open',
  },
  storageFull: 'This device is full: free some space and retry. Unwritten answers are still in memory.',
  storageForbidden:
    'The browser does not let us keep data on this device: you can study online as usual, but not offline.',
  actGone: 'This step can no longer be taken back; all other answers are saved',
  editInvalid: 'This change makes no card and was not saved',
  cannotOpen: 'The data on this device cannot be opened',
  cannotOpenSafe: 'Answers already saved are not lost. Reloading usually helps.',
  reload: 'Reload',
  cannotReach: 'The server cannot be reached',
  cannotReachSafe: 'Your answers are on this device and will be synced when you are online.',
  somethingWrong: 'Something went wrong on this page',
  somethingWrongSafe: 'Your answers are on this device.',

  // home
  decks: 'Decks',
  continue: 'Continue',
  leftToday: { one: '{n} card left today', other: '{n} cards left today' },
  doneToday: 'Done for today',
  fiveMinutes: 'Just 5 minutes',
  countNew: '{n} new',
  countLearning: '{n} learning',
  countReview: { one: '{n} review', other: '{n} reviews' },
  countNothing: 'Nothing to study today',
  deckOptionsOf: 'Options of {deck}',
  addDecks: 'Add decks',
  welcome: 'Choose a deck and start',
  welcomeMore: 'No sign-up. What you learn is kept on this device first and backed up when you are online.',
  gotIt: 'Got it',

  // study
  study: 'Study',
  question: 'Question',
  source: 'Source',
  sourcePlace: 'Characters {start}–{end}',
  showAnswer: 'Show answer',
  left: { one: '{n} card left', other: '{n} cards left' },
  again: 'Again',
  hard: 'Hard',
  good: 'Good',
  easy: 'Easy',
  rate: 'Rate',
  after: 'in {interval}',
  undoAnswer: 'Undo: {what}',
  undone: 'Taken back: {what}',
  readAloud: 'Read aloud',
  stopReading: 'Stop reading',
  cardActions: 'Card actions',
  actAnswer: 'Answer',
  actSuspend: 'suspended',
  actUnsuspend: 'resumed',
  actBury: 'put off',
  actFlag: 'flag',
  actReset: 'learn from the start',
  actDue: 'due day changed',
  actSeed: 'imported state',
  actUndo: 'undo',
  typeAnswer: 'Type the answer',
  yourAnswer: 'Your answer',
  rightAnswer: 'Exactly right',
  timeOnCard: 'Time: {time}',
  waiting: 'The next learning card comes at {time}; take a break',

  // summary
  summary: 'What was done today',

  // cards
  cards: 'Cards',
  addCard: 'Add a card',

  // deck
  flagged: 'Flagged',
  deck: 'Deck',
  deckOptions: 'Deck options',
  retention: 'Share to remember',
  retentionHint: 'Higher means more reviews. 90% suits most people.',

  // card
  front: 'Front',
  noSource: 'Added by hand, without a source.',

  // edit
  fieldEmpty: '“{field}” must not be empty',

  // me
  me: 'Me',
  syncNow: 'Sync now',
  syncing: 'Syncing…',
  password: 'Password',
  signIn: 'Sign in to an account',
  otherAccount: 'This device still holds unsynced records of another account. Sign in to that one first and sync.',
  signedOut: 'Signed out',
  backupLost: 'Backup lost: new answers are only here',
  renew: 'Back up again',
  off: 'Off',
};
