/** What the store takes and gives. */
import type { OptionsInForce } from '../deck_options';
import type { Preview } from '../schedule';
import type {
  CardRow,
  CardState,
  Data,
  DeckRow,
  EditIn,
  EventIn,
  ExamRow,
  Kind,
  LearnerRow,
  NoteKind,
  NoteRow,
  OptionChanges,
  ParametersRow,
  Problem,
  Rating,
} from '../wire';
import type { Engine } from './engine';

/** What a learner does with a card; `prepare` gives it its id and time. */
export interface EventDraft {
  card_id: string;
  kind: Kind;
  rating?: Rating;
  /** Time looked at, ms; capped at 60 s. */
  duration_ms?: number;
  data?: Data;
}

/** An event with its final id and time. Make it at the tap, keep it until `record` resolves, repeat with the same one. */
export type PreparedEvent = Omit<EventIn, 'device_seq'>;

export interface JournalEntry {
  id: string;
  event: EventIn;
  deck_id: string;
  note_id: string;
  /** The card's state just before the event: what undo gives back. */
  before: CardState;
  undone: boolean;
}

export interface Recorded {
  event: EventIn;
  card: CardRow;
  before: CardState;
}

/** Everything that one card on the screen needs. */
export interface CardView {
  card: CardRow;
  note: NoteRow;
  deck: DeckRow;
  front: string;
  back: string;
  /** The explanation below the answer, "" when there is none. */
  extra: string;
}

export interface DeckCounts {
  new: number;
  learning: number;
  review: number;
  total: number;
}

/** What is left today of all decks together, and of each with those below it. */
export interface LeftOfDecks {
  all: Omit<DeckCounts, 'total'>;
  decks: ReadonlyMap<string, DeckCounts>;
  /** Something was answered today. */
  begun: boolean;
}

export interface StudyQueue {
  day: number;
  /** Card ids that can be shown now, in order. */
  now: string[];
  /** Learning cards not yet due. */
  later: { due_at: number; id: string }[];
  counts: ReadonlyMap<string, Omit<DeckCounts, 'total'>>;
}

export interface DaySummary {
  day: number;
  answers: number;
  /** Answers other than Again on cards that were in review, and how many such answers there were. */
  recalled: number;
  reviewed: number;
  duration_ms: number;
  /** The first day after this one on which cards fall due, and how many. */
  next_due: { day: number; cards: number } | null;
}

export interface Finding {
  /** All cards that a search (search.ts) means. Throws SearchInvalid. */
  find(search: string, order?: Order): Promise<FoundCard[]>;
  /** What these cards show, without those that are gone. */
  look(cardIds: readonly string[]): Promise<CardView[]>;
  /** A few notes that say nearly the same. */
  alike(text: string): Promise<NoteRow[]>;
  /** These notes, or cards, without those that are gone. */
  notes(ids: readonly string[]): Promise<NoteRow[]>;
  cards(ids: readonly string[]): Promise<CardRow[]>;
}

export interface FoundCard {
  id: string;
  note_id: string;
}

/** In the order of the decks, the newest notes first, by due day, by what was forgotten most, by difficulty, by the text. */
export type Order = 'deck' | 'newest' | 'due' | 'lapses' | 'difficulty' | 'text';

/** A change of content; it is applied at once and goes to the server with the next sync. */
export type EditDraft =
  | {
      entity: 'note';
      op: 'create';
      fields: { deck_id: string; kind: NoteKind; fields: Record<string, string>; tags: string[] };
    }
  | {
      entity: 'note';
      op: 'update';
      entity_id: string;
      fields: { fields?: Record<string, string>; tags?: string[]; deck_id?: string };
    }
  | { entity: 'deck'; op: 'create'; fields: { name: string } }
  | {
      entity: 'deck';
      op: 'update';
      entity_id: string;
      fields: { name?: string; options?: OptionChanges; position?: number };
    }
  | { entity: 'exam'; op: 'create'; fields: ExamFields & Pick<ExamRow, 'name' | 'day' | 'minutes'> }
  | {
      entity: 'exam';
      op: 'update';
      entity_id: string;
      fields: ExamFields & Partial<Pick<ExamRow, 'result' | 'archived'>>;
    }
  | { entity: 'note' | 'deck' | 'exam'; op: 'delete' | 'restore'; entity_id: string };

/** Of sections and cards only the marks that change; null takes one away. */
export interface ExamFields
  extends Partial<
    Pick<ExamRow, 'name' | 'day' | 'time' | 'decks' | 'minutes' | 'days_off' | 'target' | 'buffer_days'>
  > {
  sections?: Record<string, ExamRow['sections'][string] | null>;
  cards?: Record<string, ExamRow['cards'][string] | null>;
}

/** Where things that were added to an account are there, by the ids that they had before, as far as those differ. */
export type Moved = readonly { before: string; after: string }[];

export type LearnerPatch = Partial<
  Pick<LearnerRow, 'language' | 'zone' | 'rollover_hour' | 'settings'> &
    Pick<ParametersRow, 'desired_retention' | 'learning_steps' | 'relearning_steps' | 'maximum_interval'>
>;

export interface RefusedItem {
  id: string;
  problem: Problem;
  body: EventIn | EditIn;
  at: number;
}

/** What changed, for views that show it. `elsewhere`: another tab did it. `ids`: the only cards, notes or decks it can be. */
export interface StoreChange {
  what: 'cards' | 'content' | 'learner' | 'outbox' | 'all';
  elsewhere: boolean;
  ids?: readonly string[] | undefined;
}

/** The store as the views see it. All reads are small indexed reads; none loads all cards. */
export interface Store {
  /** `memory` when the browser forbids storage: everything works, but only until the tab closes and only online is it safe. */
  readonly persistence: 'disk' | 'memory';
  readonly deviceId: string;
  /** For reads that come with their page. */
  readonly engine: Engine;

  /** Now by the server's clock (device clock minus the offset measured at the last sync), ms UTC. */
  now(): number;
  /** The learner day of `now()`. */
  today(): number;
  /** The first instant of the next learner day, ms by the server's clock: when queues must be built again. */
  rollsOverAt(): number;
  /** Who is studying; a local stand-in (kind `anonymous`, id "") until the first sync. Never waits. */
  learner(): LearnerRow;
  /** The parameters in force. Never waits. */
  parameters(): ParametersRow;
  /** Changes settings at once, offline too; sent with the next sync. */
  changeLearner(patch: LearnerPatch): Promise<void>;

  /** An event with id, time and day of this moment. Pure and immediate: call it at the tap. */
  prepare(draft: EventDraft): PreparedEvent;
  /**
   * Saves the event, its place in the outbox, the journal entry and the card's new state in one transaction and resolves when that
   * is on the disk. A second call with the same prepared event changes nothing. Throws StorageError; then nothing was saved.
   * For a card that was deleted meanwhile the event is saved too: the server will refuse it, and it is listed as refused.
   */
  record(event: PreparedEvent): Promise<Recorded>;
  /** The last act of today that can be taken back (answers, suspend, bury, flag, reset, due), or null. */
  lastUndoable(): Promise<JournalEntry | null>;
  /** Takes back one act of today by appending an `undo` event. Resolves when saved; a second call for the same act changes nothing. Throws
   * Gone for an act that the journal does not hold. */
  undo(eventId: string): Promise<Recorded>;
  /** Own events of one learner day in the order they were made, undone ones included (marked). */
  journal(day: number): Promise<JournalEntry[]>;
  /** Own events of the last days on one card, newest first. The whole history is at `/api/cards/{id}/history`. */
  history(cardId: string): Promise<JournalEntry[]>;
  summary(day: number): Promise<DaySummary>;
  /** Learner days with an answer, in no order: this device's, and those that it was told to remember. */
  daysStudied(): Promise<number[]>;
  rememberDays(days: readonly number[]): Promise<void>;

  /** Decks that are not deleted, by position and name. */
  decks(): Promise<DeckRow[]>;
  deck(id: string): Promise<DeckRow | null>;
  note(id: string): Promise<NoteRow | null>;
  card(id: string): Promise<CardRow | null>;
  /** The card with its note, deck and rendered sides; null when it is gone. */
  view(cardId: string): Promise<CardView | null>;
  cardsOfNote(noteId: string): Promise<CardRow[]>;
  /** Finding among all cards; comes with the first question. */
  catalogue(): Promise<Finding>;
  /**
   * Today's queue of one deck with all below it, or of all decks. Build again at rollover, after sync and when `next` (queue.ts) gives nothing.
   * `more`: this many new cards beyond the day's limits ("10 more" at the end of a session).
   */
  queue(deckId?: string, more?: number): Promise<StudyQueue>;
  /** What is left today, as the queues have it, with the number of all cards. */
  counts(): Promise<LeftOfDecks>;
  /** Cards due per learner day, from `from` to `to` inclusive. */
  forecast(from: number, to: number): Promise<number[]>;
  /** Fetches what acts and previews need; the first card does without it. Rejects when it cannot be had, and may be asked again. */
  ready(): Promise<void>;
  /** What each rating would do to the card now, by the retention that holds for its deck; nothing before `ready`. */
  previews(card: CardRow, deck: DeckRow): Preview[];
  /** How a deck is studied, with what decks above it and the learner say; never waits, known once one of its cards was viewed. */
  optionsOf(deck: DeckRow): OptionsInForce;

  /** Applies an edit at once and queues it. Resolves with the entity's id when saved. Throws InvalidNote for fields that make no card. */
  edit(draft: EditDraft): Promise<string>;
  /** Many edits, some hundred in a transaction; what is gone meanwhile is left out. `done` hears how many are saved. */
  editAll(drafts: readonly EditDraft[], done?: (count: number) => void): Promise<void>;
  /** Many events, as `record` saves one. */
  recordAll(events: readonly PreparedEvent[], done?: (count: number) => void): Promise<void>;

  /** Events and edits that the server has not named yet. */
  unsent(): Promise<number>;
  refused(): Promise<RefusedItem[]>;
  /** Removes one item from the refused list (after the learner has seen or exported it). */
  dismissRefused(...ids: string[]): Promise<void>;

  /**
   * The learner whom the server names after a sign-in or a sign-up. Another learner than before: everything of the old one goes, except
   * what is unsent, and everything of the new one comes with the next sync. Ask before, when something is unsent.
   */
  adopt(learner: LearnerRow): Promise<void>;

  /**
   * The device changes over from an anonymous learner to an account. `moved` says where in the account the things are that were
   * here, when they were added to it; null when they were kept apart: then whatever is still unsent is listed as refused for `apart`.
   */
  handOver(learner: LearnerRow, moved: Moved | null, apart: Problem): Promise<void>;

  /**
   * For an anonymous learner whom the server does not know any more: the next sync begins a new one and sends everything that this
   * device holds (renew.ts). Nothing changes here until then.
   */
  wantRenewal(): Promise<void>;

  /** Small things the interface wants to find again after a reload (card on screen, side, hints shown). */
  remember(key: string, value: Data[string]): Promise<void>;
  recall(key: string): Promise<Data[string]>;

  /** Calls `listener` after each change, also those of other tabs; returns the way to stop. */
  subscribe(listener: (change: StoreChange) => void): () => void;
  /** Forgets everything on this device (sign-out, account deleted). Throws when unsent items remain unless `evenUnsent`. */
  wipe(evenUnsent?: boolean): Promise<void>;
  close(): void;
}
