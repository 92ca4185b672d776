/** Decks stand in levels, by `::` in their names: which deck is above which. The same as the server's `core/levels.py`. */

const LEVEL = '::';
/** Of a deck's name, all levels together. */
export const LONGEST_NAME = 200;

interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * For each deck the nearest that stands above it, where there is one. A level without a deck is passed over. Of several decks with one
 * name the first has those below.
 */
export function decksAbove(decks: readonly Named[]): Map<string, string> {
  const byName = new Map<string, string>();
  for (const { id, name } of decks) if (!byName.has(name)) byName.set(name, id);
  const above = new Map<string, string>();
  for (const { id, name } of decks) {
    for (let end = name.lastIndexOf(LEVEL); end >= 0; end = end > 0 ? name.slice(0, end).lastIndexOf(LEVEL) : -1) {
      const upper = byName.get(name.slice(0, end));
      if (upper === undefined) continue;
      above.set(id, upper);
      break;
    }
  }
  return above;
}

/** The deck and all that stand above it, from below. */
export function lineOf(deckId: string, above: ReadonlyMap<string, string>): string[] {
  const line = [deckId];
  for (let upper = above.get(deckId); upper !== undefined; upper = above.get(upper)) line.push(upper);
  return line;
}

/** The decks as a tree is read: those below another right after it. `under` is the name of the one above with its mark, or "". */
export function inLevels<D extends Named>(decks: readonly D[]): { deck: D; level: number; under: string }[] {
  const above = decksAbove(decks);
  const place = new Map(decks.map(({ id }, at) => [id, at]));
  const rows = decks.map((deck) => {
    const line = lineOf(deck.id, above);
    const upper = decks[place.get(line[1] ?? '') ?? -1];
    const path = line.map((id) => place.get(id) ?? 0).reverse();
    return { deck, path, level: line.length - 1, under: upper ? upper.name + LEVEL : '' };
  });
  return rows.sort((one, other) => {
    const fork = one.path.findIndex((at, level) => at !== other.path[level]);
    return fork < 0 ? -1 : (one.path[fork] ?? 0) - (other.path[fork] ?? -1);
  });
}

/** For each deck itself and all that stand below it, in the order given. */
export function decksBelow(decks: readonly Named[], above: ReadonlyMap<string, string>): Map<string, string[]> {
  const below = new Map<string, string[]>();
  for (const { id } of decks) {
    for (const upper of lineOf(id, above)) below.set(upper, [...(below.get(upper) ?? []), id]);
  }
  return below;
}

/** What a deck is called after the one above it was renamed; null for one that is not below it. */
export function nameBelow(name: string, old: string, renamed: string): string | null {
  return name.startsWith(old + LEVEL) ? renamed + name.slice(old.length) : null;
}
