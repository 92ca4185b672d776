import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { painted } from '../state/frame';

/** Sections of a long page, one a frame: what lies below the screen keeps nobody waiting. The section that the address names is scrolled to. */
export function Gradually({ children }: { children: readonly VNode[] }) {
  const [shown, setShown] = useState(1);
  const isWhole = shown >= children.length;
  useEffect(() => {
    if (isWhole) document.getElementById(location.hash.slice(1))?.scrollIntoView();
    else void painted().then(() => setShown(shown + 1));
  }, [shown, isWhole]);
  return <>{children.slice(0, shown)}</>;
}
