import { describe, expect, test } from 'vitest';
import { fixOf } from '../src/fixes';
import { type Finding, lint, type Rule } from '../src/lint';
import { type Block, blocksOf, type Inline, inlines } from '../src/markup';
import { plain } from '../src/plain';
import { gapped, listed, marked, pictured, type Typed, tabled } from '../src/typing';

/** Inline pieces written short: text as it is, the rest by its first letters. */
function short(pieces: readonly Inline[]): string {
  return pieces.map(shortPiece).join('');
}

function shortPiece(piece: Inline): string {
  switch (piece.is) {
    case 'bold':
    case 'italic':
      return `<${piece.is[0]}:${short(piece.inside)}>`;
    case 'ruby':
      return `<r:${piece.base}/${piece.reading}>`;
    case 'formula':
      return `<${piece.display ? 'F' : 'f'}:${piece.tex}>`;
    case 'code':
      return `<c:${piece.text}>`;
    case 'picture':
      return `<p:${piece.hash.slice(0, 4)}>`;
    default:
      return piece.text;
  }
}

const HASH = 'ab12'.repeat(16);

describe('running text', () => {
  test.each([
    ['这是**重点**吗', '这是<b:重点>吗'],
    ['*a* and **b *c* d**', '<i:a> and <b:b <i:c> d>'],
    ['3*4*5 = 60', '3*4*5 = 60'],
    ['2**10', '2**10'],
    ['a * b * c', 'a * b * c'],
    ['**开着', '**开着'],
    ['\\*不是\\*', '*不是*'],
    ['\\`x\\` \\$5 \\{a|b}', '`x` $5 {a|b}'],
    ['`a*b*c`', '<c:a*b*c>'],
    ['{汉字|hànzì}', '<r:汉字/hànzì>'],
    ['{{c1::甲|乙}}', '{{c1::甲|乙}}'],
    ['$x^2$ 和 $y$', '<f:x^2> 和 <f:y>'],
    ['价格从 $5 到 $10', '价格从 $5 到 $10'],
    ['$5到$10', '$5到$10'],
    ['$$\\frac12$$', '<F:\\frac12>'],
    ['\\(a+b\\) c', '<f:a+b> c'],
    ['\\(开着', '\\(开着'],
    [`看 ![图](media/${HASH}) 吧`, '看 <p:ab12> 吧'],
    ['![图](https://example.org/x.png)', '![图](https://example.org/x.png)'],
    ['<b>不是</b>', '<b>不是</b>'],
    ['C:\\path', 'C:\\path'],
  ])('%s', (text, wanted) => expect(short(inlines(text))).toBe(wanted));

  test('reads long and hostile text in no time that grows with its square', () => {
    const hostile = [
      '*a'.repeat(10_000),
      '**a '.repeat(5_000),
      '$a'.repeat(10_000),
      '\\('.repeat(10_000),
      '{a|'.repeat(6_000),
    ];
    for (const text of hostile) expect(short(inlines(text)).length).toBeGreaterThan(1000);
  });
});

function kinds(blocks: readonly Block[]): string[] {
  return blocks.map((block) => block.is);
}

describe('blocks', () => {
  test('lists, tables, code and formulas stand between lines', () => {
    const text = '头\n- 一\n- **二**\n\n| a | b |\n| --- | :-: |\n| 1 | x\\|y |\n```\n- no\n```\n$$\nx\n$$\n尾';
    const blocks = blocksOf(text);
    expect(kinds(blocks)).toEqual(['lines', 'list', 'table', 'code', 'formula', 'lines']);
    const table = blocks[2];
    expect(table?.is === 'table' && table.rows.map((row) => row.map(short))).toEqual([['1', 'x|y']]);
  });

  test('a wide head makes no cells in rows that have none', () => {
    const [table] = blocksOf(`${'|'.repeat(10_000)}\n|-|\n${'|a\n'.repeat(10_000)}`);
    expect(table?.is === 'table' && table.rows.flat().length).toBe(10_000);
  });

  test('what is not closed stays text', () => {
    expect(kinds(blocksOf('```\n开着'))).toEqual(['lines']);
    expect(kinds(blocksOf('| a | b |\n不是表格'))).toEqual(['lines']);
    expect(kinds(blocksOf('$$\n开着'))).toEqual(['lines']);
    expect(kinds(blocksOf('-1 度'))).toEqual(['lines']);
  });
});

describe('words without markup', () => {
  test.each([
    ['这是**重点**吗', '这是重点吗'],
    ['{汉字|hànzì}的*读音*', '汉字的读音'],
    ['`x` 和 \\*', 'x 和 *'],
    [`![一张图](media/${HASH})`, '一张图'],
    ['3*4*5', '3*4*5'],
    ['{{c1::甲|乙}}', '{{c1::甲|乙}}'],
  ])('%s', (text, wanted) => expect(plain(text, 'text')).toBe(wanted));
});

/** A text with its selection between brackets. */
function typed(marked: string): Typed {
  const start = marked.indexOf('[');
  const end = marked.indexOf(']') - 1;
  return { text: marked.replace('[', '').replace(']', ''), start, end };
}

function shown({ text, start, end }: Typed): string {
  return `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`;
}

describe('the tools', () => {
  test.each([
    ['水在[ 100 ℃ ]沸腾', '水在 {{c1::100 ℃}}[] 沸腾'],
    ['{{c1::a}}和[乙]', '{{c1::a}}和{{c2::乙}}[]'],
    ['空[]白', '空{{c1::[]}}白'],
    ['{{c1::[甲]::谁}}', '[甲]'],
    ['{{c1::甲}}[是{{c2::乙::谁}}、{{c3::丙}}]。', '{{c1::甲}}{{c2::是乙、丙}}[]。'],
    ['{{c1::甲[乙}}丙]丁', '{{c1::甲乙丙}}[]丁'],
  ])('a gap of %s', (before, after) => expect(shown(gapped(typed(before)))).toBe(after));

  test('the same gap again', () =>
    expect(shown(gapped(typed('{{c2::a}}和[乙]'), true))).toBe('{{c2::a}}和{{c2::乙}}[]'));

  test('marks are put around and taken away', () => {
    expect(shown(marked(typed('a [b] c'), 'text', 'bold'))).toBe('a **[b]** c');
    expect(shown(marked(typed('a **[b]** c'), 'text', 'bold'))).toBe('a [b] c');
    expect(shown(marked(typed('a **[b]** c'), 'text', 'italic'))).toBe('a ***[b]*** c');
    expect(shown(marked(typed('[汉]'), 'text', 'ruby'))).toBe('{汉|[]}');
    expect(shown(marked(typed('[汉]'), 'html', 'ruby'))).toBe('<ruby>汉<rt>[]</rt></ruby>');
    expect(shown(marked(typed('[]'), 'html', 'code'))).toBe('<code>[]</code>');
  });

  test('lists, tables and pictures stand on lines of their own', () => {
    expect(shown(listed(typed('a\n[b\nc]\nd'), 'text'))).toBe('a\n- b\n- c[]\nd');
    expect(shown(listed(typed('[- b\n- c]'), 'text'))).toBe('b\nc[]');
    expect(shown(tabled(typed('a[]b'), 'text'))).toBe('a\n| [A] | B |\n| --- | --- |\n| 1 | 2 |\nb');
    expect(shown(pictured(typed('a[]'), 'text', HASH))).toBe(`a\n![](media/${HASH})[]`);
    expect(shown(pictured(typed('[]'), 'html', HASH))).toBe(`<img src="media/${HASH}" alt="">[]`);
  });
});

describe('a fix', () => {
  const found = (rule: Rule, detail = ''): Finding => ({ card: 'x', rule, level: 'warning', detail });

  test.each([
    [
      'long-answer',
      '',
      { front: 'q', back: '要点；其余的话，还有' },
      { front: 'q', back: '要点', note: '其余的话，还有' },
    ],
    [
      'answer-in-front',
      '曹雪芹',
      { front: '曹雪芹写了什么？', back: '曹雪芹' },
      { front: '……写了什么？', back: '曹雪芹' },
    ],
    ['missing-context', '', { front: '一', back: 'x' }, { front: '礼仪：一', back: 'x' }],
  ] as const)('of %s', (rule, detail, fields, wanted) =>
    expect(fixOf(found(rule, detail), 'basic', fields, '礼仪')).toEqual({ kind: 'basic', fields: wanted }),
  );

  test('makes a list of several facts', () => {
    const fixed = fixOf(found('list-without-members'), 'basic', { front: 'q', back: '甲、乙、丙和丁', note: 'n' }, '');
    expect(fixed).toEqual({ kind: 'list', fields: { front: 'q', items: '甲\n乙\n丙\n丁', note: 'n' } });
  });

  test('of a gap leaves nothing for the linter to say of it', () => {
    const text = 'photo{{c1::syn::?}}thesis 需要{{c2::的}}光';
    const rules = (fields: Record<string, string>) =>
      lint([{ id: 'x', kind: 'cloze', fields }]).map(({ rule }) => rule);
    expect(rules({ text })).toEqual(['gap-cuts-word', 'trivial-gap']);
    const wide = fixOf(found('gap-cuts-word', 'syn'), 'cloze', { text }, '')?.fields ?? {};
    expect(wide.text).toBe('{{c1::photosynthesis::?}} 需要{{c2::的}}光');
    const fixed = fixOf(found('trivial-gap', '的'), 'cloze', wide, '')?.fields ?? {};
    expect(rules(fixed)).toEqual([]);
  });

  test('is not offered where only the learner can tell', () => {
    expect(fixOf(found('yes-no'), 'basic', { front: 'q', back: '是' }, '')).toBeNull();
    expect(fixOf(found('trivial-gap', '的'), 'cloze', { text: '{{c1::的}}' }, '')).toBeNull();
    expect(fixOf(found('several-facts'), 'reverse', { front: 'q', back: 'a；b' }, '')).toBeNull();
  });
});
