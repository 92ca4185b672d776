/** The shapes of `POST /api/sync` and its neighbours, named as the server names them. Days are learner days, times ms UTC. */

import type { SentTables } from './exam/tables';

/** Which version of the contract this app speaks; the server refuses apps that it can no longer understand. */
export const API = { 'Wengu-Api': '1' } as const;
export const APP_TOO_OLD = 426;

export type Kind = 'answer' | 'undo' | 'suspend' | 'unsuspend' | 'bury' | 'flag' | 'reset' | 'due' | 'seed';
export type Rating = 1 | 2 | 3 | 4;
export type NoteKind = 'basic' | 'reverse' | 'cloze' | 'list' | 'type' | 'choice';
/** 0 new, 1 learning, 2 review, 3 relearning. */
export type Phase = 0 | 1 | 2 | 3;
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Data = Record<string, Json>;

export interface EventIn {
  id: string;
  card_id: string;
  kind: Kind;
  rating: Rating | null;
  at: number;
  clock_offset_ms: number;
  day: number;
  duration_ms: number;
  device_seq: number;
  data: Data;
}

export type Entity = 'note' | 'deck' | 'exam';
export type Operation = 'create' | 'update' | 'delete' | 'restore';

export interface EditIn {
  id: string;
  entity: Entity;
  op: Operation;
  entity_id: string;
  base_version: number;
  at: number;
  fields: Data;
}

export interface SyncRequest {
  device_id: string;
  cursor: number;
  want: number;
  events: EventIn[];
  edits: EditIn[];
  app_version?: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: { pointer: string; code: string; detail?: string }[];
  request_id?: string;
}

export interface SyncAnswer {
  cursor: number;
  more: boolean;
  acked: string[];
  refused: { id: string; problem: Problem }[];
  corrected: { id: string; day: number }[];
  conflicts: { entity_id: string; field: string; kept: Json; other: Json }[];
  changes: Changes;
  server_time: number;
  digest: string | null;
  today?: DoneToday;
}

/** What counts against the limits of one learner day, whichever device it was answered on. */
export interface DoneToday {
  day: number;
  done: { deck_id: string; new: number; reviews: number }[];
}

export interface Changes {
  learner: LearnerRow | null;
  parameters: ParametersRow[];
  decks: DeckRow[];
  notes: NoteRow[];
  cards: CardRow[];
  exams?: ExamRow[];
  exam_plans?: ExamPlanRow[];
  day_plans?: DayPlanRow[];
  tombstones: { entity: Entity | 'card'; id: string }[];
}

/** What a replay of a card's events gives; the part of a card row that answers change. */
export interface CardState {
  phase: Phase;
  step: number | null;
  stability: number | null;
  difficulty: number | null;
  due_day: number | null;
  /** Set only while a learning step runs within the day. */
  due_at: number | null;
  last_day: number | null;
  last_at: number | null;
  /** Answers that were not undone. */
  reps: number;
  lapses: number;
  suspended: boolean;
  buried_until: number | null;
  flag: number;
}

export interface CardRow extends CardState {
  id: string;
  note_id: string;
  deck_id: string;
  ordinal: number;
  position: number;
  /** Version of the parameters that the state was computed with. */
  version: number;
  seq: number;
}

export interface SourceRow {
  document: string;
  section: string[];
  start: number;
  end: number;
  rule: string;
  quote: string;
}

export interface NoteRow {
  id: string;
  deck_id: string;
  /** `anki`: from another program, with templates of its own. */
  kind: NoteKind | 'anki';
  format: 'text' | 'html';
  fields: Record<string, string>;
  tags: string[];
  guid: string;
  source: SourceRow | null;
  version: number;
  seq: number;
  conflict?: Json;
  /** Of kind `anki`: what its cards show, made and cleaned by the server. */
  sides?: { ordinal: number; front: string; back: string }[] | null;
  /** Files that the fields or sides name, by their SHA-256. */
  media?: Record<string, string>;
}

export type NewOrder = 'position' | 'random';
export type ReviewOrder = 'due' | 'random' | 'retrievability' | 'known';
export type Mix = 'mix' | 'new-first' | 'reviews-first';

export type ReadAloud = 'off' | 'question' | 'both';
export type Voice = 'zh-CN' | 'zh-HK' | 'zh-TW' | 'en' | 'ja' | 'ko' | 'fr' | 'de' | 'es' | 'ru';

/** Every option that a deck may have. */
export interface WholeOptions {
  new_per_day: number;
  reviews_per_day: number;
  new_order: NewOrder;
  review_order: ReviewOrder;
  mix: Mix;
  /** 0.70 to 0.99. */
  desired_retention: number;
  /** What is read aloud by itself. */
  read_aloud: ReadAloud;
  /** Language of the voice; `auto`: by the text's script. */
  voice: Voice | 'auto';
}

export type OptionName = keyof WholeOptions;

/** What an edit says: null takes the deck's own word off. */
export type OptionChanges = { readonly [Name in OptionName]?: WholeOptions[Name] | null };

/** What a deck says itself; what is left out is as the deck above it says, else as the learner's settings (deck_options.ts). */
export interface DeckOptions extends Partial<WholeOptions> {
  [key: string]: Json | undefined;
}

export interface DeckRow {
  id: string;
  name: string;
  slug: string | null;
  origin: 'shipped' | 'import' | 'text' | 'own';
  origin_version: string | number | null;
  options: DeckOptions;
  position: number;
  version: number;
  seq: number;
}

export interface ParametersRow {
  version: number;
  from_at: number;
  weights: number[];
  desired_retention: number;
  learning_steps: number[];
  relearning_steps: number[];
  maximum_interval: number;
}

/** Learner days without study, both ends included. */
export type Break = { first: number; last: number };

export interface Settings {
  theme?: 'auto' | 'light' | 'dark';
  new_per_day?: number;
  reviews_per_day?: number;
  text_size?: number;
  left_handed?: boolean;
  two_buttons?: boolean;
  answer_tap?: boolean;
  haptics?: boolean;
  swipes?: boolean;
  speech?: 'off' | 'auto';
  timer?: boolean;
  never_type?: boolean;
  breaks?: Break[];
  /** Reviews a day while a backlog is worked off; null when there is none. */
  catch_up?: number | null;
  tap_guard_ms?: number;
  session_length?: SessionLength;
  tap_left?: TapAct;
  tap_middle?: TapAct;
  tap_right?: TapAct;
}

export type SessionLength = 'none' | '5min' | '10min' | '20min' | '20cards' | '50cards';
/** What a tap on a part of the answer does. */
export type TapAct = 'none' | 'again' | 'hard' | 'good' | 'easy' | 'undo';

export interface LearnerRow {
  id: string;
  kind: 'anonymous' | 'named';
  name: string | null;
  language: 'zh' | 'en';
  zone: string;
  rollover_hour: number;
  settings: Settings;
  parameters_version: number;
}

// --- exams -------------------------------------------------------------------------------------------------------

/** How a part of an exam counts: its share of the points (null: by its number of cards), learnt first, or left aside. */
export interface SectionMark {
  share: number | null;
  pinned: boolean;
  dropped: boolean;
}

export type CardMark = 'pinned' | 'dropped';

export interface ExamResult {
  passed: boolean | null;
  score: string | null;
}

export interface ExamRow {
  id: string;
  name: string;
  /** Calendar date, as a day number. */
  day: number;
  /** Minutes after midnight, null when not known. */
  time: number | null;
  /** Null: all decks that the learner has. */
  decks: string[] | null;
  /** By deck id, or deck id and the headings of a section, joined by "/". */
  sections: Record<string, SectionMark>;
  cards: Record<string, CardMark>;
  /** Monday to Sunday. */
  minutes: number[];
  days_off: number[];
  /** Recall beyond which more counts nothing; null: none. */
  target: number | null;
  /** The last days before the exam, left free. */
  buffer_days: number;
  result: ExamResult | null;
  archived: boolean;
  version: number;
  seq: number;
  conflict?: Json;
}

/** Expected share (0 to 1), and the band that holds four outcomes in five. */
export interface Readiness {
  mean: number;
  low: number;
  high: number;
}

export type PlanState = 'solved' | 'no-cards' | 'no-time' | 'over';

export interface PathPoint extends Readiness {
  day: number;
  seconds: number;
  new_cards: number;
}

export interface PastPoint {
  day: number;
  planned: number;
  spent: number;
  readiness: Readiness;
  outlook: Readiness;
}

export interface SectionStanding extends SectionMark {
  key: string;
  deck_id: string;
  path: string[];
  cards: number;
  seen: number;
  readiness: Readiness;
}

/** What the screens show of one exam; replaced by each newer one. */
export interface ExamPlanRow {
  exam_id: string;
  day: number;
  made_at: number;
  seq: number;
  state: PlanState;
  /** The exam's version as it was planned. */
  exam_version: number;
  cards: number;
  seen: number;
  seconds: number;
  /** At the exam, if nothing more is studied. */
  readiness: Readiness;
  /** At the exam, if the learner keeps to the plan. */
  outlook: Readiness;
  /** What five more minutes today add to the outlook. */
  five_more: number;
  path: PathPoint[];
  history: PastPoint[];
  sections: SectionStanding[];
  left_out: { count: number; cards: string[] };
}

/** What the phone needs to study by the plan for some days, with or without a network. */
export interface DayPlanRow {
  day: number;
  made_at: number;
  seq: number;
  /** Running exams, soonest first. */
  exams: string[];
  /** Days from `day` to each exam. */
  at: number[];
  /** Of the days from `day` on. */
  seconds: number[];
  count: number;
  /** Packed, see exam/records.ts. */
  cards: string;
  tables: SentTables;
}
