import { describe, expect, it } from 'vitest';
import { deckToStudy, withoutPictures } from './imports';

const decks = (...names: string[]) => names.map((name) => ({ id: name, name }));

describe('a preview', () => {
  it('asks for no picture that is not stored yet', () => {
    const hash = 'a'.repeat(64);
    expect(withoutPictures(`x ![](media/${hash}) ![红旗](media/${hash})`, '图片')).toBe('x [图片] [红旗]');
  });
});

describe('what to study after an import', () => {
  it('is the only deck, or the one above all others', () => {
    expect(deckToStudy(decks('甲::乙'))?.name).toBe('甲::乙');
    expect(deckToStudy(decks('甲::丙', '甲', '甲::乙::丁'))?.name).toBe('甲');
  });
  it('is nothing in particular where no deck is above the others', () => {
    expect(deckToStudy(decks('甲::乙', '甲::丙'))).toBeNull();
    expect(deckToStudy(decks('甲', '甲子'))).toBeNull();
    expect(deckToStudy([])).toBeNull();
  });
});
