// A long list of which only what can be seen is there: a hundred thousand rows cost what twenty do.
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

const BEYOND = 8;

interface VirtualList {
  label: string;
  count: number;
  /** Height of a row, rem; it grows with the learner's text size. */
  rowRem: number;
  row: (place: number) => VNode | null;
  /** Called with the places that are there, to fetch what they show. */
  onWindow: (from: number, to: number) => void;
}

export function VirtualList({ label, count, rowRem, row, onWindow }: VirtualList) {
  const list = useRef<HTMLUListElement>(null);
  const [seen, setSeen] = useState<readonly [from: number, to: number, height: number]>([0, 0, 0]);
  useLayoutEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      const height = rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const above = -(list.current?.getBoundingClientRect().top ?? 0);
      const from = Math.max(0, Math.floor(above / height) - BEYOND);
      const to = Math.min(count, Math.ceil((above + innerHeight) / height) + BEYOND);
      setSeen((before) =>
        before[0] === from && before[1] === to && before[2] === height ? before : [from, to, height],
      );
    };
    const later = () => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', later, { passive: true });
    addEventListener('resize', later);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', later);
      removeEventListener('resize', later);
    };
  }, [count, rowRem]);
  const [from, to, height] = seen;
  useLayoutEffect(() => onWindow(from, Math.min(to, count)), [from, to, count, onWindow]);
  const places = Array.from({ length: Math.max(0, Math.min(to, count) - from) }, (_, index) => from + index);
  return (
    <ul class="rows virtual" aria-label={label} ref={list} style={{ height: `${count * height}px` }}>
      {places.map((place) => (
        <li
          key={place}
          aria-setsize={count}
          aria-posinset={place + 1}
          style={{ transform: `translateY(${place * height}px)`, height: `${height}px` }}
        >
          {row(place)}
        </li>
      ))}
    </ul>
  );
}
