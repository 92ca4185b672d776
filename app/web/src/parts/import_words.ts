// Words for what the server names by codes: states, roles of columns, separators, encodings.
import type { ImportState } from '../imports';
import type { PlainKey } from '../words';

export const stateWords: Readonly<Record<ImportState, PlainKey>> = {
  reading: 'imReading',
  preview: 'imPreview',
  storing: 'imStoring',
  done: 'imDone',
  undoing: 'imUndoing',
  undone: 'imUndone',
  failed: 'imFailed',
};

const packages: Readonly<Record<string, PlainKey>> = {
  'anki-legacy1': 'imOlderPackage',
  'anki-legacy2': 'imOlderPackage',
  'anki-latest': 'readerPackage',
  'anki-text': 'imAnkiText',
};

/** What of Anki's the file is; null for another program's. */
export function packageWord(generation: string): PlainKey | null {
  return packages[generation] ?? null;
}

const roles: Readonly<Record<string, PlainKey>> = {
  '': 'roleNone',
  front: 'front',
  back: 'roleBack',
  note: 'roleNote',
  text: 'roleText',
  items: 'roleItems',
  choices: 'roleChoices',
  reverse_front: 'roleReverseFront',
  reverse_back: 'roleReverseBack',
  tags: 'roleTags',
  guid: 'roleGuid',
  deck: 'deck',
  kind: 'roleKind',
  format: 'roleFormat',
  notetype: 'roleNotetype',
};

/** The word for a column's role; null for one of a newer server. */
export function roleWord(role: string): PlainKey | null {
  return roles[role] ?? null;
}

export const separators: readonly (readonly [separator: string, word: PlainKey])[] = [
  ['\t', 'separatorTab'],
  [',', 'separatorComma'],
  [';', 'separatorSemicolon'],
  ['|', 'separatorBar'],
];

export const ENCODINGS = ['utf-8', 'utf-16-le', 'utf-16-be', 'gb18030', 'big5', 'shift_jis', 'euc-kr', 'cp1252'];

export const readers: readonly (readonly [reader: string, word: PlainKey])[] = [
  ['auto', 'readerAuto'],
  ['package', 'readerPackage'],
  ['table', 'readerTable'],
  ['list', 'readerList'],
  ['questions', 'readerQuestions'],
];
