import type { WordsOf } from '..';

export const words: WordsOf<'out'> = {
  takeOut: 'Take out',
  takeOutAs: 'Kind of file',
  asAnki: 'Anki package with history',
  asOlderAnki: 'Anki package for older Anki',
  asCsv: 'Table (CSV)',
  asAnkiText: 'Anki text',
  asDeckFile: 'Deck file (Markdown)',
  saveFile: 'Save file',
};
