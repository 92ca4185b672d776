/** What an edit of an exam does to this device's row. Pure. */
import type { EditIn, ExamRow } from '../wire';
import type { ExamRecord } from './tables';

type Marks<T> = Record<string, T | null>;

/** An exam as it stands after an edit: each field by itself, marks by their keys. */
export function examAfter(row: ExamRecord | null, edit: EditIn): ExamRecord {
  const base = row ?? newExam(edit.entity_id);
  const { sections, cards, ...fields } = edit.fields as Partial<ExamRow>;
  const after = {
    ...base,
    ...fields,
    sections: marked(base.sections, sections),
    cards: marked(base.cards, cards),
  };
  if (edit.op === 'delete') return { ...after, deleted: true };
  return edit.op === 'restore' ? { ...after, deleted: false } : after;
}

function marked<T>(known: Record<string, T>, changes: Marks<T> = {}): Record<string, T> {
  const all: Marks<T> = { ...known, ...changes };
  return Object.fromEntries(Object.entries(all).filter((mark): mark is [string, T] => mark[1] !== null));
}

function newExam(id: string): ExamRecord {
  return {
    id,
    name: '',
    day: 0,
    time: null,
    decks: null,
    sections: {},
    cards: {},
    minutes: [],
    days_off: [],
    target: null,
    buffer_days: 0,
    result: null,
    archived: false,
    version: 0,
    seq: 0,
  };
}
