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

/** A part that may be fetched before it is shown, so that it stands at once. */
export type Lazily<P> = ((props: P) => VNode<never> | null) & { fetch(): Promise<void> };

/** A component that shows nothing until its chunk and its words are here. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>, ...parts: readonly Part[]): Lazily<P> {
  let known: ComponentType<P> | null = null;
  const fetch = async () => {
    known ??= await together(load(), parts);
  };
  function Later(props: P) {
    const [, drawn] = useState(false);
    const [failed, setFailed] = useState<unknown>(null);
    useEffect(() => {
      if (!known) fetch().then(() => drawn(true), setFailed);
    }, []);
    if (failed) throw failed;
    return known && (createElement(known, props) as VNode<never>);
  }
  return Object.assign(Later, { fetch });
}
