/** What the checker asks of the phones, and what they tell it: the other side is tests/chaos/phones.py. */
import type { PreparedEvent } from '../../src/store';
import type { CardState } from '../../src/wire';

/** Faults that are planted on purpose, so that the checker is seen to catch them. */
export type Fault = '' | 'outbox-emptied-on-send' | 'wrong-day-at-rollover' | 'forgets-undo';

export interface Plan {
  address: string;
  seed: number;
  learners: number;
  phones: number;
  notes: number;
  /** Acts of each phone. */
  acts: number;
  /** Days ago, on the phones' clocks, of the first act; the last one is now. */
  days: number;
  fault: Fault;
  /** Where the report goes. */
  report: string;
}

export interface PhoneReport {
  learner: string;
  device: string;
  /** Every event that was begun, also where the tab was killed before it was on the disk. */
  made: Record<string, PreparedEvent>;
  /** Ids of events that were shown as saved. */
  saved: string[];
  /** Ids of notes whose making was shown as saved. */
  notes: string[];
  acked: string[];
  refused: Record<string, string>;
  unsent: number;
  phase: string;
  digest: string;
  /** The server's digest as this phone heard it last. */
  heard: string | null;
  cards: Record<string, CardState>;
}
