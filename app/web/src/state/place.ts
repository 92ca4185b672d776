// Where a sitting stands, so that a reload comes back to the same card and side.
import type { Shown, Side } from './session';

export interface Place {
  readonly card: string;
  readonly side: Side;
}

export function placeNow(shown: Shown | null): Place | null {
  return shown && { card: shown.view.card.id, side: shown.side };
}

export function placeOf(kept: unknown): Place | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { card, side } = kept as Partial<Record<keyof Place, unknown>>;
  return typeof card === 'string' ? { card, side: side === 'back' ? 'back' : 'front' } : null;
}
