// Parts that the first card does not need: their chunk is fetched (or taken from the precache) when they are first shown.
import { type ComponentType, createElement, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A component that shows nothing until its chunk is here. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => VNode<never> | null {
  let known: ComponentType<P> | null = null;
  return function Lazily(props: P) {
    const [part, setPart] = useState<{ is: ComponentType<P> } | null>(known && { is: known });
    const [failed, setFailed] = useState<unknown>(null);
    useEffect(() => {
      if (part) return;
      load().then((loaded) => {
        known = loaded;
        setPart({ is: loaded });
      }, setFailed);
    }, []);
    if (failed) throw failed;
    return part && (createElement(part.is, props) as VNode<never>);
  };
}
