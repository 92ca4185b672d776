import type { Rating } from '../wire';
import { settings } from './settings';

const SHORT_MS = 10;

/** A short pulse for a rating, two for Again; silent where the device cannot or the learner does not want it. */
export function buzz(rating: Rating): void {
  if (!settings.peek().haptics || !('vibrate' in navigator)) return;
  navigator.vibrate(rating === 1 ? [SHORT_MS, 60, SHORT_MS] : SHORT_MS);
}
