import type { WordsOf } from '..';

export const words: WordsOf<'summary'> = {
  streakDays: { one: '{n} day of study in a row', other: '{n} days of study in a row' },
  streakForgiven: 'A day off is forgiven',
  nothingDue: 'No cards to study right now',
  wellDone: 'Session finished',
  answersDone: 'Answers today',
  timesCount: '{n}',
  timeSpent: 'Time today',
  recall: 'Recalled',
  recallOf: '{share} ({right}/{all})',
  nextDue: 'After today',
  nextDueLoad: { one: '{day} · {n} review', other: '{day} · {n} reviews' },
  tenMore: '10 more cards',
  nothingMore: 'There are no more new cards',
  toStatistics: 'See the statistics',
  goOn: 'Keep studying',
  paused: 'A break',
  pausedMore: 'No time is counted, and the card waits where it was.',
  resume: 'Go on',
};
