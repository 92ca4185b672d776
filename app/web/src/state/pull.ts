import { useEffect } from 'preact/hooks';

const FAR_PX = 96;

interface Touch {
  readonly x: number;
  readonly y: number;
  /** How far the page was scrolled. */
  readonly scrolled: number;
}

/** Whether a finger that went from one place to another has pulled the page down from its very top. */
export function isPull(from: Touch, to: Touch): boolean {
  const down = to.y - from.y;
  return from.scrolled <= 0 && to.scrolled <= 0 && down >= FAR_PX && down > 2 * Math.abs(to.x - from.x);
}

/** Calls `onPull` when the page that it stands on is pulled down. */
export function Pull({ onPull }: { onPull: () => void }) {
  usePull(onPull);
  return null;
}

/** Calls `act` when the page is pulled down from its top; scrolling and everything else goes on as ever. */
function usePull(act: () => void): void {
  useEffect(() => {
    let from: Touch | null = null;
    const touch = (event: TouchEvent): Touch | null => {
      const finger = event.changedTouches[0];
      return finger ? { x: finger.clientX, y: finger.clientY, scrolled: scrollY } : null;
    };
    const down = (event: TouchEvent) => {
      from = event.touches.length === 1 ? touch(event) : null;
    };
    const up = (event: TouchEvent) => {
      const to = touch(event);
      if (from && to && isPull(from, to)) act();
      from = null;
    };
    document.addEventListener('touchstart', down, { passive: true });
    document.addEventListener('touchend', up, { passive: true });
    return () => {
      document.removeEventListener('touchstart', down);
      document.removeEventListener('touchend', up);
    };
  });
}
