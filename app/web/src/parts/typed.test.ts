import { describe, expect, it } from 'vitest';
import { difference, isRight } from './typed';

describe('a typed answer', () => {
  it.each([
    ['久仰。', '久仰'],
    ['ＲＳＶＰ', 'rsvp'],
    ['five minutes', 'Five-minutes!'],
    ['庄重 （正视）', '庄重(正视)'],
  ])('%s is right for %s', (typed, answer) => {
    expect(isRight(typed, answer)).toBe(true);
  });

  it('is wrong when a character differs', () => {
    expect(isRight('久违', '久仰')).toBe(false);
  });

  it('shows what is missing and what is too much, in reading order', () => {
    expect(difference('凝视移动了', '凝视，不移动')).toEqual([
      { kind: 'same', text: '凝视，' },
      { kind: 'missing', text: '不' },
      { kind: 'same', text: '移动' },
      { kind: 'extra', text: '了' },
    ]);
  });

  it('keeps blanks, capitals and signs as the answer has them', () => {
    expect(difference('loan prim  Rates', 'Loan Prime Rate (LPR)')).toEqual([
      { kind: 'same', text: 'Loan Prim' },
      { kind: 'missing', text: 'e ' },
      { kind: 'same', text: 'Rate (' },
      { kind: 'extra', text: 's' },
      { kind: 'missing', text: 'LPR)' },
    ]);
  });

  it.each(['', '全部都不一样', 'ab', '“先 主”，次'])('takes nothing away from either side (%s)', (typed) => {
    const answer = '“先主，后次。”';
    const pieces = difference(typed, answer);
    const join = (dropped: string) =>
      pieces
        .filter(({ kind }) => kind !== dropped)
        .map(({ text }) => text)
        .join('');
    expect(join('extra')).toBe(answer);
    expect(isRight(join('missing'), typed)).toBe(true);
  });
});
