/** What of a deck's options an edit says: only what changes, so that two phones can change different ones. Pure. */
import type { Data, DeckOptions } from './wire';

/** The options that differ; null takes one off, and it follows the learner's own again. */
export function changesOf(before: DeckOptions, whole: DeckOptions): DeckOptions {
  const names = new Set([...Object.keys(before), ...Object.keys(whole)]);
  const changed = [...names].filter((name) => before[name] !== whole[name]);
  return Object.fromEntries(changed.map((name) => [name, whole[name] ?? null])) as Data as DeckOptions;
}

/** The options after such an edit. */
export function withChanges(before: DeckOptions, changes: DeckOptions | undefined): DeckOptions {
  return Object.fromEntries(
    Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null),
  ) as DeckOptions;
}
