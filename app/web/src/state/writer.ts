// Writes of this page in the order of the acts. The screen never waits for them; one that fails stays in memory and holds back
// those after it, so that nothing is saved out of order, until a retry succeeds.
import { computed, signal } from '@preact/signals';
import { InvalidNote } from '../notes';
import { Gone, StorageError, type StorageTrouble } from '../store';

type Write = () => Promise<unknown>;

const waiting = signal<readonly Write[]>([]);
export const trouble = signal<StorageTrouble | null>(null);
export const unwritten = computed(() => waiting.value.length);
/** Why a write was given up: what it is about is gone, or it makes no card. A new object each time. */
export const givenUp = signal<{ readonly why: 'gone' | 'invalid' } | null>(null);
let running: Promise<void> | null = null;

/** Adds a write and starts it as soon as those before it are on the disk. */
export function write(task: Write): void {
  waiting.value = [...waiting.peek(), task];
  void flush();
}

/** Resolves when nothing is under way any more: either all is on the disk, or `trouble` says why not. */
export function flush(): Promise<void> {
  running ??= work().finally(() => {
    running = null;
  });
  return running;
}

async function work(): Promise<void> {
  for (let task = waiting.peek()[0]; task; task = waiting.peek()[0]) {
    try {
      await task();
    } catch (error) {
      const why = hopeless(error);
      if (why) {
        givenUp.value = { why };
        trouble.value = null;
        waiting.value = waiting.peek().slice(1);
        continue;
      }
      trouble.value = error instanceof StorageError ? error.trouble : 'lost';
      return;
    }
    trouble.value = null;
    waiting.value = waiting.peek().slice(1);
  }
}

/** What no retry can mend must not hold back the others: the card was deleted meanwhile, the act is no longer known. */
function hopeless(error: unknown): 'gone' | 'invalid' | null {
  if (error instanceof Gone) return 'gone';
  return error instanceof InvalidNote ? 'invalid' : null;
}
