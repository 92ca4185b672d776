// A key compiles wherever it is used; that its part is loaded there is checked here, along the imports of the app.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { languages, type Part } from './index';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
const parts = Object.keys(languages.zh) as Part[];

interface Source {
  imports: string[];
  /** What is loaded later, and the parts of words that come with it. */
  later: [path: string, parts: Part[]][];
  strings: Set<string>;
}

const files = new Map<string, Source | null>();

function sourceOf(path: string): Source | null {
  if (!files.has(path)) files.set(path, read(path));
  return files.get(path) ?? null;
}

function read(path: string): Source | null {
  const found = ['.tsx', '.ts', '/index.ts'].find((end) => exists(path + end));
  if (!found) return null;
  const text = readFileSync(path + found, 'utf8');
  const folder = dirname(path + found);
  const at = (name: string) => resolve(folder, name);
  const laters = [...text.matchAll(/(?:(?:page|lazily)\()?(?:async )?\(\) =>[^;]*?import\('(\.[^']+)'\)([^;]*);/g)];
  return {
    imports: [...text.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from '(\.[^']+)'/gms)].map(([, name = '']) =>
      at(name),
    ),
    later: laters.map(([, name = '', rest = '']) => [at(name), parts.filter((part) => rest.includes(`'${part}'`))]),
    strings: used(text, found),
  };
}

function exists(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}

/** In components every string may be a key (tables of words); elsewhere many strings only look like one. */
function used(text: string, end: string): Set<string> {
  const pattern = end === '.tsx' ? /'(\w+)'/g : /\bt\('(\w+)'/g;
  return new Set([...text.matchAll(pattern)].map(([, key = '']) => key));
}

async function partOfKeys(): Promise<Map<string, Part>> {
  const of = new Map<string, Part>();
  for (const part of parts) for (const key of Object.keys(await languages.zh[part]())) of.set(key, part);
  return of;
}

/** Walks everything that can be on the screen together with `path`, and names each key whose part is not loaded. */
function missing(start: string, of: ReadonlyMap<string, Part>): string[] {
  const wrong = new Set<string>();
  const seen = new Set<string>();
  const walk = (path: string, loaded: readonly Part[]): void => {
    const source = sourceOf(path);
    const mark = `${path} ${[...loaded].sort().join()}`;
    if (!source || seen.has(mark)) return;
    seen.add(mark);
    for (const key of source.strings) {
      const part = of.get(key);
      if (part && !loaded.includes(part)) wrong.add(`${relative(SOURCES, path)}: '${key}' of '${part}'`);
    }
    for (const each of source.imports) walk(each, loaded);
    for (const [each, more] of source.later) walk(each, [...new Set([...loaded, ...more])]);
  };
  walk(resolve(SOURCES, start), ['first']);
  return [...wrong].sort();
}

describe('the words of a page', () => {
  it('are loaded with it', async () => {
    expect(missing('main', await partOfKeys())).toEqual([]);
  });

  it('are looked for on every page', () => {
    const pages = sourceOf(resolve(SOURCES, 'app'))?.later ?? [];
    expect(pages.length).toBeGreaterThan(9);
    expect(pages.map(([path]) => sourceOf(path)).filter((source) => source === null)).toEqual([]);
  });

  it('are missed when a page does not name its part', async () => {
    const of = await partOfKeys();
    expect(missing('views/me', of)).toContain("views/me: 'appearance' of 'me'");
  });
});
