/** Reads the vectors that Python wrote: `tests/golden/*.json`, the one truth of both languages. */
import { readFileSync } from 'node:fs';

export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../tests/golden/${name}.json`, import.meta.url), 'utf-8')) as T;
}
