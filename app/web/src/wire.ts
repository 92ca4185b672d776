/** The shapes of `POST /api/sync` and its neighbours, named as the server names them. Days are learner days, times ms UTC. */

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

export type Entity = 'note' | 'deck';
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
}

export interface Changes {
  learner: LearnerRow | null;
  parameters: ParametersRow[];
  decks: DeckRow[];
  notes: NoteRow[];
  cards: CardRow[];
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
  kind: NoteKind;
  format: 'text' | 'html';
  fields: Record<string, string>;
  tags: string[];
  guid: string;
  source: SourceRow | null;
  version: number;
  seq: number;
  conflict?: Json;
}

export type NewOrder = 'position' | 'random';
export type ReviewOrder = 'due' | 'random' | 'retrievability';
export type Mix = 'mix' | 'new-first' | 'reviews-first';

export interface DeckOptions {
  new_per_day?: number;
  reviews_per_day?: number;
  new_order?: NewOrder;
  review_order?: ReviewOrder;
  mix?: Mix;
  /** The deck's own desired retention, 0.70 to 0.99. */
  desired_retention?: number;
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
