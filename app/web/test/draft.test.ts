import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Draft, editDraft, Keeper, newDraft, takenUp, together } from '../src/draft';

const NOTE = { fields: { front: '问', back: '答' }, tags: ['甲'] };

test('a new note has a draft as soon as a field says something', () => {
  expect(newDraft('d', 'basic', { front: ' ' }, ['甲'])).toBeNull();
  const draft = newDraft('d', 'cloze', { text: '半句' }, []);
  expect(draft).toEqual({ deck: 'd', kind: 'cloze', fields: { text: '半句' }, tags: [] });
});

test('the draft of an edit holds only what was changed, and comes back on top of the note as it is by then', () => {
  expect(editDraft(NOTE, { ...NOTE.fields }, ['甲'])).toBeNull();
  const draft = editDraft(NOTE, { front: '问：半句', back: '答' }, ['甲']);
  expect(draft).toEqual({ fields: { front: '问：半句' }, before: { front: '问' } });
  const same = takenUp(NOTE, draft);
  expect(same).toEqual({ fields: { front: '问：半句', back: '答' }, tags: ['甲'], overtaken: false });
  const elsewhere = { fields: { front: '问', back: '别处的答' }, tags: ['乙'] };
  expect(takenUp(elsewhere, draft)).toEqual({
    fields: { front: '问：半句', back: '别处的答' },
    tags: ['乙'],
    overtaken: false,
  });
});

test('it is said when the same field was changed elsewhere, and nothing comes back that is there already', () => {
  const draft = editDraft(NOTE, { front: '我的', back: '答' }, ['甲', '丙']);
  expect(takenUp({ fields: { front: '别处的', back: '答' }, tags: [] }, draft)).toMatchObject({
    fields: { front: '我的', back: '答' },
    tags: ['甲', '丙'],
    overtaken: true,
  });
  expect(takenUp({ fields: { front: '我的', back: '答' }, tags: ['甲', '丙'] }, draft)).toBeNull();
  expect(takenUp(NOTE, null)).toBeNull();
});

test('what another app shares joins a draft once', () => {
  const once = together({ front: '半句' }, { front: '分享的', note: 'https://a.example' });
  expect(once).toEqual({ front: '半句\n分享的', note: 'https://a.example' });
  expect(together(once, { front: '分享的', note: 'https://a.example' })).toEqual(once);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function keeping() {
  const kept: (Draft | null)[] = [];
  const keeper = new Keeper(async (draft) => void kept.push(draft));
  return { kept, keeper };
}

const draft = (front: string): Draft => ({ fields: { front } });

test('a draft is kept while typing goes on, and at once when the page is left', () => {
  const { kept, keeper } = keeping();
  keeper.keep(draft('一'));
  vi.advanceTimersByTime(200);
  keeper.keep(draft('一二'));
  expect(kept).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(kept).toEqual([draft('一二')]);
  keeper.keep(draft('一二三'));
  keeper.flush();
  keeper.flush();
  expect(kept).toEqual([draft('一二'), draft('一二三')]);
});

test('forgetting is the last word', () => {
  const { kept, keeper } = keeping();
  keeper.keep(draft('一'));
  keeper.forget();
  vi.runAllTimers();
  keeper.flush();
  expect(kept).toEqual([null]);
});
