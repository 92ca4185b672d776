// Parts that the first card does not need: their chunk is fetched (or taken from the precache) when they are first shown.
import { type ComponentType, createElement, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { lazy } from 'preact-iso';
import { type Part, withWords } from '../words';

/** A page whose script and words are fetched together when it is first opened. */
export function page<T>(load: () => Promise<{ default: T }>, ...parts: readonly Part[]) {
  return lazy(() => together(load(), parts));
}

async function together<T>(script: Promise<T>, parts: readonly Part[]): Promise<T> {
  const [loaded] = await Promise.all([script, withWords(...parts)]);
  return loaded;
}

/** A component that shows nothing until its chunk and its words are here. */
export function lazily<P extends object>(
  load: () => Promise<ComponentType<P>>,
  ...parts: readonly Part[]
): (props: P) => VNode<never> | null {
  let known: ComponentType<P> | null = null;
  return function Lazily(props: P) {
    const [part, setPart] = useState<{ is: ComponentType<P> } | null>(known && { is: known });
    const [failed, setFailed] = useState<unknown>(null);
    useEffect(() => {
      if (part) return;
      together(load(), parts).then((loaded) => {
        known = loaded;
        setPart({ is: loaded });
      }, setFailed);
    }, []);
    if (failed) throw failed;
    return part && (createElement(part.is, props) as VNode<never>);
  };
}
