/**
 * The light markup of text fields: **bold**, *italic*, `code`, {漢|hàn} ruby, $x^2$ formulas, lists of "- " lines, tables of "|" lines and
 * pictures. What does not read as markup stays as it was typed, and a backslash takes a mark's meaning away.
 */

export type Inline =
  | { is: 'text'; text: string }
  | { is: 'bold' | 'italic'; inside: Inline[] }
  | { is: 'code'; text: string }
  | { is: 'ruby'; base: string; reading: string }
  | { is: 'formula'; tex: string; display: boolean }
  | { is: 'picture'; hash: string; words: string };

export type Block =
  | { is: 'lines'; inside: Inline[] }
  | { is: 'list'; items: Inline[][] }
  | { is: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { is: 'code'; text: string }
  | { is: 'formula'; tex: string };

const DEEPEST = 8;
const MOST_TRIES = 40;
const RULE = /^\|(?:\s*:?-+:?\s*\|)+\s*$/;

/** The blocks of a field, in reading order. */
export function blocksOf(text: string): Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let plain: string[] = [];
  const end = () => {
    if (plain.some((line) => line !== '')) blocks.push({ is: 'lines', inside: inlines(plain.join('\n')) });
    plain = [];
  };
  for (let at = 0; at < lines.length; ) {
    const found = listAt(lines, at) ?? tableAt(lines, at) ?? fencedAt(lines, at) ?? formulaAt(lines, at);
    if (found) {
      end();
      blocks.push(found.block);
      at = found.next;
    } else {
      plain.push(lines[at++] ?? '');
    }
  }
  end();
  return blocks;
}

interface Found {
  block: Block;
  next: number;
}

function listAt(lines: readonly string[], at: number): Found | null {
  let next = at;
  while (lines[next]?.startsWith('- ')) next++;
  if (next === at) return null;
  return { block: { is: 'list', items: lines.slice(at, next).map((line) => inlines(line.slice(2).trim())) }, next };
}

function tableAt(lines: readonly string[], at: number): Found | null {
  const head = lines[at] ?? '';
  if (!head.startsWith('|') || !RULE.test(lines[at + 1] ?? '')) return null;
  let next = at + 2;
  while (lines[next]?.startsWith('|')) next++;
  const width = cellsOf(head).length;
  // A short row stays short: filled up, a few thousand characters would be millions of cells.
  const rows = lines.slice(at + 2, next).map((line) =>
    cellsOf(line)
      .slice(0, width)
      .map((cell) => inlines(cell)),
  );
  return { block: { is: 'table', head: cellsOf(head).map(inlines), rows }, next };
}

function cellsOf(line: string): string[] {
  const cells = line
    .trim()
    .replace(/^\|/, '')
    .split(/(?<!\\)\|/);
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function fencedAt(lines: readonly string[], at: number): Found | null {
  if (!lines[at]?.startsWith('```')) return null;
  const close = lines.findIndex((line, place) => place > at && line.trim() === '```');
  if (close < 0) return null;
  return { block: { is: 'code', text: lines.slice(at + 1, close).join('\n') }, next: close + 1 };
}

function formulaAt(lines: readonly string[], at: number): Found | null {
  const line = (lines[at] ?? '').trim();
  const [open, close] = line.startsWith('$$') ? ['$$', '$$'] : line.startsWith('\\[') ? ['\\[', '\\]'] : [];
  if (!open || !close) return null;
  if (line.length > 4 && line.endsWith(close))
    return { block: { is: 'formula', tex: line.slice(2, -2).trim() }, next: at + 1 };
  if (line !== open) return null;
  const end = lines.findIndex((other, place) => place > at && other.trim() === close);
  return end < 0
    ? null
    : {
        block: {
          is: 'formula',
          tex: lines
            .slice(at + 1, end)
            .join('\n')
            .trim(),
        },
        next: end + 1,
      };
}

const ESCAPED = /^\\([\\*`${}|!-])/;
const RUBY = /^\{([^{}|\n]{1,60})\|([^{}|\n]{1,60})\}/;
const PICTURE = /^!\[([^\]\n]*)\]\(media\/([0-9a-f]{64})\)/;
const CODE = /^`([^`\n]+)`/;
const TEX = /^\\\((.{1,2000}?)\\\)/s;
// As in Pandoc: no space inside the dollars, and no digit after the closing one, so that $5 and $10 stay prices.
const DOLLARS = /^\$(?![\s$])((?:[^$\\\n]|\\.)*?[^\s\\])\$(?![\d$])/;
const TWO_DOLLARS = /^\$\$([^$\n]+)\$\$/;

const MARKS: ReadonlySet<string> = new Set('*`{!$\\');

/** The pieces of running text. Marks count only at the edge of words of letters, so 3*4*5 stays a product. */
export function inlines(text: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  const end = () => {
    if (plain) found.push({ is: 'text', text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    const rest = MARKS.has(text[at] ?? '') ? text.slice(at) : '';
    const escaped = ESCAPED.exec(rest);
    const piece = escaped ? null : pieceAt(rest, text[at - 1] ?? '', depth);
    if (piece) {
      end();
      found.push(piece.inline);
      at += piece.length;
    } else {
      plain += escaped?.[1] ?? text[at];
      at += escaped ? 2 : 1;
    }
  }
  end();
  return found;
}

interface Piece {
  inline: Inline;
  length: number;
}

function pieceAt(rest: string, before: string, depth: number): Piece | null {
  switch (rest[0]) {
    case '*':
      return depth < DEEPEST ? emphasised(rest, before, depth) : null;
    case '`':
      return matched(CODE, rest, ([, text = '']) => ({ is: 'code', text }));
    case '{':
      return before === '{'
        ? null
        : matched(RUBY, rest, ([, base = '', reading = '']) => ({ is: 'ruby', base, reading }));
    case '!':
      return matched(PICTURE, rest, ([, words = '', hash = '']) => ({ is: 'picture', hash, words }));
    case '$':
      return (
        matched(TWO_DOLLARS, rest, ([, tex = '']) => ({ is: 'formula', tex: tex.trim(), display: true })) ??
        matched(DOLLARS, rest, ([, tex = '']) => ({ is: 'formula', tex, display: false }))
      );
    case '\\':
      return matched(TEX, rest, ([, tex = '']) => ({ is: 'formula', tex: tex.trim(), display: false }));
    default:
      return null;
  }
}

function matched(pattern: RegExp, rest: string, make: (match: RegExpExecArray) => Inline): Piece | null {
  const match = pattern.exec(rest);
  return match && { inline: make(match), length: match[0].length };
}

const WORD = /[A-Za-z0-9]/;

function emphasised(rest: string, before: string, depth: number): Piece | null {
  const mark = rest.startsWith('**') ? '**' : '*';
  if (WORD.test(before) || /^[\s*]?$/.test(rest[mark.length] ?? '')) return null;
  const close = closingOf(rest, mark);
  if (close === null) return null;
  const inside = inlines(rest.slice(mark.length, close), depth + 1);
  return { inline: { is: mark === '**' ? 'bold' : 'italic', inside }, length: close + mark.length };
}

/** Where the mark at the start is closed: behind something that is no blank, and not within a word. */
function closingOf(rest: string, mark: string): number | null {
  let close = mark.length;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    close = rest.indexOf(mark, close + 1);
    if (close < 0) return null;
    const [inner = '', after = ''] = [rest[close - 1], rest[close + mark.length]];
    const isDouble = mark === '*' && after === '*';
    if (!isDouble && inner !== '\\' && !/\s/.test(inner) && !WORD.test(after)) return close;
    if (isDouble) close++;
  }
  return null;
}
