/** The tables of the phone's database and what their rows hold. */
import type { Digest } from '../digest';
import type {
  CardRow,
  CardState,
  DayPlanRow,
  DeckRow,
  EditIn,
  EventIn,
  ExamPlanRow,
  ExamRow,
  Json,
  NoteRow,
  ParametersRow,
  Problem,
} from '../wire';

/** What this device adds to a row of the server. */
interface Kept {
  /** Deleted here; the row stays until the server says so, then undo works offline too. */
  deleted?: boolean;
  /** The full fetch that brought the row; rows that a later full fetch does not bring are gone. */
  generation?: number;
}

export type DeckRecord = DeckRow & Kept;
export type ExamRecord = ExamRow & Kept;

export interface NoteRecord extends NoteRow, Kept {
  /** The note's own id, while it shows pictures or plays sounds: the index holds nothing else. */
  shows?: string;
}
/** A card row with the keys of its queue. Each is set only while the card can be drawn from that queue, so that the index holds
 * nothing else. */
export interface CardRecord extends CardRow, Kept {
  /** Due day of a card in review. */
  review_on?: number;
  /** Due time of a card in its steps; its due day (a much smaller number) where the step takes days. */
  learn_at?: number;
  /** Position of a card without answers. */
  new_at?: number;
}

/** An event or edit that the server has not named yet. */
export interface OutboxItem {
  /** Order of making on this device. */
  n: number;
  id: string;
  /** The card of an event, the note, deck or exam of an edit. */
  about: string;
  event: EventIn | null;
  edit: EditIn | null;
  /** What stood there before an edit, for the case that the server refuses it. */
  before: DeckRecord | NoteRecord | ExamRecord | null;
}

/** An own event of the last days, with what undo needs. */
export interface JournalRecord {
  id: string;
  n: number;
  day: number;
  card_id: string;
  deck_id: string;
  note_id: string;
  event: EventIn;
  before: CardState;
  undone: boolean;
}

export interface RefusedRecord {
  id: string;
  problem: Problem;
  body: EventIn | EditIn;
  at: number;
}

/** What this device knows of itself; one row, read and written with every act. */
export interface DeviceState {
  id: string;
  /** Last number given to an event or edit of this device. */
  counter: number;
  /** Sum over all cards as they stand here. */
  digest: Digest;
  cursor: number;
  /** Device clock minus server clock at the last sync, ms. */
  clock_offset_ms: number;
  synced_at: number | null;
  /** Number of the last full fetch. */
  generation: number;
  /** A full fetch is under way: at its end all rows that it did not bring go. */
  refetching: boolean;
  /** Digest of the server after the last full fetch: the same one is not worth another. */
  refetched_for: string | null;
}

/** Days of study, as the server last told them (days.ts). */
export interface KeptDays {
  /** The first day asked for; null while the server has told nothing. */
  since: number | null;
  /** When it was told, ms by the server's clock. */
  at: number;
  /** This device's last act that is in it, and where the device's fetching stood. */
  counted: number;
  cursor: number;
  by: 'deck' | 'day';
  decks: string[];
  /** Day, deck by its place, counts. */
  rows: Int32Array;
}

export interface MetaRecord {
  name: string;
  value: Json | DeviceState | KeptDays;
}

/** A picture or sound that is kept on this device; its bytes are in a table of their own, so that nobody reads them by the way. */
export interface MediaRecord {
  /** SHA-256 of the bytes. */
  hash: string;
  type: string;
  size: number;
  /** The server has it; else it goes there before the edit that shows it. */
  sent: boolean;
  at: number;
  /** Why the server would not take it. */
  problem?: Problem;
}

export interface MediaBytes {
  hash: string;
  bytes: ArrayBuffer;
}

/** Key path and indexes of each table. */
export const TABLES = {
  decks: { key: 'id', indexes: {} },
  notes: { key: 'id', indexes: { deck: 'deck_id', shows: 'shows' } },
  cards: {
    key: 'id',
    indexes: {
      note: 'note_id',
      deck: 'deck_id',
      review: ['deck_id', 'review_on'],
      learning: ['deck_id', 'learn_at'],
      fresh: ['deck_id', 'new_at'],
      answered: 'last_day',
    },
  },
  outbox: { key: 'n', indexes: { id: 'id', about: ['about', 'n'] } },
  journal: { key: 'id', indexes: { day: ['day', 'n'], card: ['card_id', 'n'] } },
  parameters: { key: 'version', indexes: {} },
  meta: { key: 'name', indexes: {} },
  refused: { key: 'id', indexes: {} },
  exams: { key: 'id', indexes: {} },
  exam_plans: { key: 'exam_id', indexes: {} },
  day_plans: { key: 'day', indexes: {} },
  media: { key: 'hash', indexes: {} },
  media_bytes: { key: 'hash', indexes: {} },
} as const;

export interface Rows {
  decks: DeckRecord;
  notes: NoteRecord;
  cards: CardRecord;
  outbox: OutboxItem;
  journal: JournalRecord;
  parameters: ParametersRow;
  meta: MetaRecord;
  refused: RefusedRecord;
  exams: ExamRecord;
  exam_plans: ExamPlanRow;
  day_plans: DayPlanRow;
  media: MediaRecord;
  media_bytes: MediaBytes;
}

export type Table = keyof Rows;
export type IndexOf<T extends Table> = keyof (typeof TABLES)[T]['indexes'] & string;
export const ALL_TABLES = Object.keys(TABLES) as Table[];

/** The card with the keys that its state calls for. */
export function indexed(card: CardRecord): CardRecord {
  const { review_on: _review, learn_at: _learn, new_at: _new, ...row } = card;
  if (row.suspended || row.deleted) return row;
  if (row.phase === 0) return { ...row, new_at: row.position };
  if (row.due_day === null) return row;
  return row.phase === 2 ? { ...row, review_on: row.due_day } : { ...row, learn_at: row.due_at ?? row.due_day };
}
