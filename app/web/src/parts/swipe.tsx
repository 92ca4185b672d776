// Rating by swiping, off unless the learner wants it: left is Again, right is Good. The word stands under the finger and
// going back cancels; vertical scrolling and the browser's own gesture at the left edge are left alone.
import { useRef, useState } from 'preact/hooks';
import type { Rating } from '../wire';
import { t } from '../words';

const EDGE_PX = 24;
const SLOP_PX = 12;
const NEEDED = 0.3;

interface Start {
  x: number;
  y: number;
  sideways: boolean;
}

export function useSwipe(on: boolean, onRate: (rating: Rating) => void) {
  const start = useRef<Start | null>(null);
  const [rating, setRating] = useState<Rating | null>(null);
  const end = () => {
    start.current = null;
    setRating(null);
  };
  const down = (event: PointerEvent) => {
    if (event.isPrimary && event.clientX > EDGE_PX)
      start.current = { x: event.clientX, y: event.clientY, sideways: false };
  };
  const move = (event: PointerEvent) => {
    if (!start.current) return;
    const [dx, dy] = [event.clientX - start.current.x, event.clientY - start.current.y];
    if (!start.current.sideways && Math.abs(dy) > SLOP_PX) return end();
    start.current.sideways ||= Math.abs(dx) > SLOP_PX && Math.abs(dx) > 2 * Math.abs(dy);
    const far = start.current.sideways && Math.abs(dx) >= NEEDED * innerWidth;
    setRating(far ? (dx < 0 ? 1 : 3) : null);
  };
  const up = () => {
    if (rating !== null) onRate(rating);
    end();
  };
  const handlers = on ? { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: end } : {};
  const mark = rating !== null && (
    <div class={`swipe r${rating}`} aria-hidden="true">
      {rating === 1 ? t('again') : t('good')}
    </div>
  );
  return { handlers, mark };
}
