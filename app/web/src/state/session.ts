// What a sitting of study offers to the screens.
import type { ReadonlySignal } from '@preact/signals';
import type { Preview } from '../schedule';
import type { CardView, Store } from '../store';
import type { Kind, Rating } from '../wire';
import type { Left } from './line';
import { Sitting } from './sitting';
import type { Stopwatch } from './stopwatch';

export type Side = 'front' | 'back';

export interface Shown {
  readonly view: CardView;
  readonly side: Side;
  /** `performance.now()` when this card came up: taps that were meant for the card before it are ignored. */
  readonly since: number;
}

/** Something that undo can take back. */
export interface Act {
  readonly kind: Kind;
  readonly rating: Rating | null;
  readonly eventId: string;
  readonly cardId: string;
  /** The card before the act; null for acts of an earlier sitting, which the database knows. */
  readonly before: CardView | null;
  /** Where the act had sent the card within the day. */
  readonly dueAt: number | null;
  /** Time looked at. */
  readonly ms: number;
}

export type Phase = 'loading' | 'asking' | 'done' | 'failed';

export interface Session {
  readonly phase: ReadonlySignal<Phase>;
  readonly shown: ReadonlySignal<Shown | null>;
  readonly left: ReadonlySignal<Left>;
  readonly previews: ReadonlySignal<readonly Preview[]>;
  readonly lastAct: ReadonlySignal<Act | null>;
  /** Device time of the next learning card, when nothing else is left. */
  readonly nextAt: ReadonlySignal<number | null>;
  /** The learner day that the line was built for. */
  readonly day: ReadonlySignal<number>;
  readonly watch: Stopwatch;
  /** The learner asked for a break: clock and minutes stand still. */
  readonly paused: ReadonlySignal<boolean>;
  pause(): void;
  resume(): void;
  /** The page is hidden, or back: clock and minutes stand still meanwhile. */
  away(hidden: boolean): void;
  /** Whole minutes until the sitting ends, or null where its length is none or in cards. */
  minutesLeft(): number | null;
  /** Another stretch of the same length, after one that ended by its length. */
  goOn(): Promise<void>;
  reveal(): void;
  rate(rating: Rating): void;
  /** Suspends, buries: the card leaves the line. */
  putAway(kind: 'suspend' | 'bury'): void;
  flag(flag: number): void;
  undo(): Promise<Act | null>;
  /** Builds the line anew: at rollover, after a sync, for more cards. */
  rebuild(more?: number): Promise<void>;
  /** Reads the card on screen again after its text was edited. */
  refresh(): Promise<void>;
}

export interface SessionOptions {
  deckId?: string;
  /** The sitting ends with the first card answered after this many minutes. */
  minutes?: number;
  /** The sitting ends after this many answers. */
  cards?: number;
}

export function startSession(store: Store, options: SessionOptions): Session {
  const sitting = new Sitting(store, options);
  void sitting.begin();
  return sitting;
}
