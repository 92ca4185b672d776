// Comparing a typed answer with the right one, character by character. Form, width, case and punctuation are forgiven.
export interface Piece {
  readonly kind: 'same' | 'missing' | 'extra';
  readonly text: string;
}

const FORGIVEN = /[\p{P}\p{Z}\p{S}\s]/gu;

function bare(text: string): string[] {
  return [...text.normalize('NFKC').toLowerCase().replace(FORGIVEN, '')];
}

export function isRight(typed: string, answer: string): boolean {
  return bare(typed).join('') === bare(answer).join('');
}

/** A character that counts, as it is written: with the forgiven ones behind it, the first one also with those before it. */
interface Written {
  readonly bare: string;
  readonly text: string;
}

function written(text: string): Written[] {
  const found: Written[] = [];
  let before = '';
  for (const character of text.normalize('NFC')) {
    const key = bare(character).join('');
    const last = found.at(-1);
    if (key) {
      found.push({ bare: key, text: before + character });
      before = '';
    } else if (last) found[found.length - 1] = { ...last, text: last.text + character };
    else before += character;
  }
  return found;
}

/** The pieces that both have (as the answer writes them), that are missing and that are too much, in reading order. */
export function difference(typed: string, answer: string): Piece[] {
  const [a, b] = [written(typed), written(answer)];
  const common = lengths(a, b);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && a[i]?.bare === b[j]?.bare) {
      pieces.push({ kind: 'same', text: b[j]?.text ?? '' });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      pieces.push({ kind: 'extra', text: a[i++]?.text ?? '' });
    } else {
      pieces.push({ kind: 'missing', text: b[j++]?.text ?? '' });
    }
  }
  return joined(pieces);
}

/** Lengths of the longest common subsequence of every pair of ends. */
function lengths(a: readonly Written[], b: readonly Written[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const isSame = a[i]?.bare === b[j]?.bare;
      const longest = isSame ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
      (table[i] as number[])[j] = longest;
    }
  }
  return table;
}

function at(table: readonly (readonly number[])[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last?.kind === piece.kind) result[result.length - 1] = { ...last, text: last.text + piece.text };
    else result.push(piece);
  }
  return result;
}
