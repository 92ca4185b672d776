// Rating by swiping, off unless the learner wants it: left is Again, right is Good. Colour and word go with the finger, strong once
// it has gone far enough; going back cancels. Vertical scrolling and the browser's own gesture at the left edge are left alone.
import type { Rating } from '../wire';
import { t } from '../words';

const EDGE_PX = 24;
const SLOP_PX = 12;
const NEEDED = 0.3;

interface Finger {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  sideways: boolean;
}

/** Follows fingers on the paper until the returned function is called. */
export function followSwipes(paper: HTMLElement, onRate: (rating: Rating) => void): () => void {
  const mark = document.createElement('div');
  mark.ariaHidden = 'true';
  let finger: Finger | null = null;
  const end = () => {
    finger = null;
    mark.remove();
  };
  const down = (event: PointerEvent) => {
    end();
    if (!event.isPrimary || event.clientX <= EDGE_PX) return;
    finger = { id: event.pointerId, x: event.clientX, y: event.clientY, sideways: false };
  };
  const move = (event: PointerEvent) => {
    if (finger?.id !== event.pointerId) return;
    const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y];
    if (!finger.sideways && Math.abs(dy) > SLOP_PX) return end();
    finger.sideways ||= Math.abs(dx) > SLOP_PX && Math.abs(dx) > 2 * Math.abs(dy);
    if (finger.sideways) show(mark, paper, dx);
  };
  const up = (event: PointerEvent) => {
    const dx = finger?.sideways ? event.clientX - finger.x : 0;
    end();
    if (isFar(dx)) onRate(ratingOf(dx));
  };
  const follow = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: end };
  const each = Object.entries(follow) as [keyof typeof follow, (event: PointerEvent) => void][];
  for (const [name, listener] of each) paper.addEventListener(name, listener);
  return () => {
    end();
    for (const [name, listener] of each) paper.removeEventListener(name, listener);
  };
}

function isFar(dx: number): boolean {
  return Math.abs(dx) >= NEEDED * innerWidth;
}

function ratingOf(dx: number): Rating {
  return dx < 0 ? 1 : 3;
}

function show(mark: HTMLElement, paper: HTMLElement, dx: number): void {
  const rating = ratingOf(dx);
  mark.className = `swipe r${rating}${isFar(dx) ? ' far' : ''}`;
  mark.textContent = t(rating === 1 ? 'again' : 'good');
  mark.style.translate = `${dx / 2}px`;
  if (!mark.isConnected) paper.append(mark);
}
