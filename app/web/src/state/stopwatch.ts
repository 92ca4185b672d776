/** How long a card was looked at: stands still while the page is hidden and never counts more than a minute. */
export interface Stopwatch {
  start(): void;
  pause(): void;
  resume(): void;
  elapsed(): number;
}

const MOST_MS = 60_000;

export function stopwatch(now: () => number): Stopwatch {
  let gathered = 0;
  let since: number | null = null;
  const elapsed = () => Math.min(MOST_MS, Math.round(gathered + (since === null ? 0 : now() - since)));
  return {
    start() {
      gathered = 0;
      since = now();
    },
    pause() {
      gathered = elapsed();
      since = null;
    },
    resume() {
      since ??= now();
    },
    elapsed,
  };
}
