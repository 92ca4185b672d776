import { useCallback, useEffect, useState } from 'preact/hooks';
import { ServerTrouble } from '../state/server';

export type Asked<T> =
  | { state: 'loading' }
  | { state: 'failed'; problem: string | null }
  | { state: 'ready'; value: T };

/** The sentence of the server's refusal in the learner's language; null when it could not be reached. */
export function sentenceOf(error: unknown): string | null {
  if (!(error instanceof ServerTrouble)) return error instanceof Error ? error.message : String(error);
  return error.problem && (error.problem.detail ?? error.problem.title);
}

/** Asks the server when the page opens, and again on demand. */
export function useAsked<T>(question: () => Promise<T>, keys: readonly unknown[] = []) {
  const [asked, setAsked] = useState<Asked<T>>({ state: 'loading' });
  const again = useCallback(() => {
    setAsked({ state: 'loading' });
    question().then(
      (value) => setAsked({ state: 'ready', value }),
      (error: unknown) => setAsked({ state: 'failed', problem: sentenceOf(error) }),
    );
  }, keys);
  useEffect(again, [again]);
  return { asked, again };
}

/** An act that needs the server: whether it is under way, and what went wrong the last time. */
export function useServerAct() {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<{ problem: string | null } | null>(null);
  const act = async (task: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFailed(null);
    try {
      await task();
      return true;
    } catch (error) {
      setFailed({ problem: sentenceOf(error) });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, failed, act };
}
