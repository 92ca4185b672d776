import type { Rating } from './wire';

/** What one rating would lead to. */
export interface Preview {
  rating: Rating;
  due_day: number;
  /** Set when the card comes back within the day, ms. */
  due_at: number | null;
  /** Whole days until then, 0 within the day. */
  days: number;
  /** Minutes until then within the day (may be a half), else null. */
  minutes: number | null;
}
