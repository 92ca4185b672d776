// Something that the server works on: asked for again until it has come to rest.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Asked, sentenceOf } from '../parts/asked';

const AGAIN_MS = 500;
const AFTER_TROUBLE_MS = 3000;

/** The newest answer to `read`; asked again every half second while `isUnderWay` says so. */
export function useFollowing<T>(read: () => Promise<T>, isUnderWay: (value: T) => boolean, keys: readonly unknown[]) {
  const [asked, setAsked] = useState<Asked<T>>({ state: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    let timer = 0;
    const look = () =>
      read().then(
        (value) => {
          if (!current) return;
          setAsked({ state: 'ready', value });
          if (isUnderWay(value)) timer = window.setTimeout(look, AGAIN_MS);
        },
        (error: unknown) => {
          if (!current) return;
          // Work goes on without us: a lost line is no reason to give up what is on the screen.
          setAsked((before) => (before.state === 'ready' ? before : { state: 'failed', problem: sentenceOf(error) }));
          timer = window.setTimeout(look, AFTER_TROUBLE_MS);
        },
      );
    void look();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [...keys, round]);
  /** An answer that came another way; it is followed from here. */
  const put = useCallback((value: T) => {
    setAsked({ state: 'ready', value });
    setRound((before) => before + 1);
  }, []);
  return { asked, put };
}
