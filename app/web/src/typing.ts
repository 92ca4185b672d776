/** What the tools of a text field do to its text. Pure: text and selection in, text and selection out. */

export interface Typed {
  text: string;
  /** Selection, in UTF-16 units as fields count them. */
  start: number;
  end: number;
}

export type Format = 'text' | 'html';
export type Mark = 'bold' | 'italic' | 'code' | 'ruby' | 'formula';

const MARKS: Readonly<Record<Format, Readonly<Record<Mark, readonly [before: string, after: string]>>>> = {
  text: { bold: ['**', '**'], italic: ['*', '*'], code: ['`', '`'], ruby: ['{', '|}'], formula: ['$', '$'] },
  html: {
    bold: ['<b>', '</b>'],
    italic: ['<i>', '</i>'],
    code: ['<code>', '</code>'],
    ruby: ['<ruby>', '<rt></rt></ruby>'],
    formula: ['\\(', '\\)'],
  },
};

const BLANK = ' \t\r\n\u3000';

/** The selection without the blanks at its ends. */
function tight({ text, start, end }: Typed): Typed {
  let [from, to] = [start, end];
  while (from < to && BLANK.includes(text[from] ?? '')) from++;
  while (to > from && BLANK.includes(text[to - 1] ?? '')) to--;
  return { text, start: from, end: to };
}

/** Puts the mark around the selection, or takes it away when it is there. */
export function marked(typed: Typed, format: Format, mark: Mark): Typed {
  const [before, after] = MARKS[format][mark];
  const { text, start, end } = tight(typed);
  const chosen = text.slice(start, end);
  if (mark !== 'ruby' && isWrapped(text, start, end, before, after)) {
    const without = text.slice(0, start - before.length) + chosen + text.slice(end + after.length);
    return { text: without, start: start - before.length, end: end - before.length };
  }
  const whole = text.slice(0, start) + before + chosen + after + text.slice(end);
  const inside = start + before.length;
  // With a word chosen, ruby goes on with the reading; with none, every mark goes on with what it marks.
  if (mark === 'ruby' && chosen) {
    const reading = inside + chosen.length + (format === 'text' ? 1 : '<rt>'.length);
    return { text: whole, start: reading, end: reading };
  }
  return { text: whole, start: inside, end: inside + chosen.length };
}

function isWrapped(text: string, start: number, end: number, before: string, after: string): boolean {
  const isThere = text.slice(0, start).endsWith(before) && text.slice(end).startsWith(after);
  if (!isThere || before !== '*') return isThere;
  // One star beside another belongs to **bold**.
  return !text.slice(0, start).endsWith('**') && !text.slice(end).startsWith('**');
}

/** The lines of the selection as a list, or as lines again. */
export function listed({ text, start, end }: Typed, format: Format): Typed {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split('\n');
  const isList = lines.every((line) => line.startsWith('- '));
  const made =
    format === 'html'
      ? `<ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`
      : lines.map((line) => (isList ? line.slice(2) : `- ${line}`)).join('\n');
  return { text: text.slice(0, from) + made + text.slice(to), start: from + made.length, end: from + made.length };
}

const TABLES: Readonly<Record<Format, string>> = {
  text: '| A | B |\n| --- | --- |\n| 1 | 2 |',
  html: '<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>',
};

/** A small table on lines of its own, to be filled. */
export function tabled(typed: Typed, format: Format): Typed {
  const before = typed.text.slice(0, typed.start);
  const lead = before === '' || before.endsWith('\n') ? '' : '\n';
  const rest = typed.text.slice(typed.end);
  const trail = rest === '' || rest.startsWith('\n') ? '' : '\n';
  const place = before.length + lead.length + TABLES[format].indexOf('A');
  return { text: before + lead + TABLES[format] + trail + rest, start: place, end: place + 1 };
}

/** A picture where the selection ends, on a line of its own. */
export function pictured({ text, end }: Typed, format: Format, hash: string): Typed {
  const lead = end === 0 || text[end - 1] === '\n' ? '' : '\n';
  const made = lead + (format === 'html' ? `<img src="media/${hash}" alt="">` : `![](media/${hash})`);
  return { text: text.slice(0, end) + made + text.slice(end), start: end + made.length, end: end + made.length };
}

/** Makes the selection a gap: a new one, or with `same` one more of the last number. Gaps in its way become part of it. */
export function gapped(typed: Typed, same = false): Typed {
  const chosen = tight(typed);
  const around = gapAround(chosen.text, chosen.start, chosen.end);
  if (around) return around;
  const { text, start, end } = withoutGaps(chosen);
  const numbers = [...text.matchAll(/\{\{c([0-9]{1,3})::/g)].map(([, number]) => Number(number));
  const last = Math.max(0, ...numbers);
  const number = same ? Math.max(1, last) : last + 1;
  const opening = `{{c${number}::`;
  const made = `${opening}${text.slice(start, end)}}}`;
  const caret = start === end ? start + opening.length : start + made.length;
  return { text: text.slice(0, start) + made + text.slice(end), start: caret, end: caret };
}

const GAP = /\{\{c[0-9]{1,3}::(.*?)(?:::.*?)?\}\}/gs;

/** The same with the selection grown to whole gaps, which are words again: a gap cannot lie in another. */
function withoutGaps({ text, start, end }: Typed): Typed {
  const touched = [...text.matchAll(GAP)].filter(({ 0: gap, index }) => index < end && index + gap.length > start);
  const [from, to] = [Math.min(start, touched[0]?.index ?? start), touched.at(-1)];
  const until = Math.max(end, to ? to.index + to[0].length : end);
  const words = text.slice(from, until).replace(GAP, '$1');
  return { text: text.slice(0, from) + words + text.slice(until), start: from, end: from + words.length };
}

/** The text without the gap that holds the selection; null when none does. */
function gapAround(text: string, start: number, end: number): Typed | null {
  for (const found of text.matchAll(GAP)) {
    const [whole, answer = ''] = found;
    if (start < found.index || end > found.index + whole.length) continue;
    const after = text.slice(found.index + whole.length);
    return {
      text: text.slice(0, found.index) + answer + after,
      start: found.index,
      end: found.index + answer.length,
    };
  }
  return null;
}
