import { expect, test } from 'vitest';
import { cardIdOf } from '../src/ids';
import { inLevels } from '../src/levels';
import { leftIn } from '../src/store/todays_queue';
import type { OptionChanges, Rating } from '../src/wire';
import { Clock, openPhone } from './device';

test('a parent is studied with all below it and holds them, offline too', async () => {
  const store = await openPhone('indexed', new Clock());
  const answer = (card_id: string, rating: Rating) => store.record(store.prepare({ card_id, kind: 'answer', rating }));
  const addNote = (front: string, deck_id = '') =>
    store.edit({
      entity: 'note',
      op: 'create',
      fields: { deck_id, kind: 'basic', fields: { front, back: '!' }, tags: [] },
    });
  const agree = async (decks: readonly string[]) => {
    const { all, decks: counted } = await store.counts();
    expect(leftIn(await store.queue())).toEqual(all);
    for (const id of decks) expect(counted.get(id)).toMatchObject(leftIn(await store.queue(id)));
  };
  const deckId = await store.edit({ entity: 'deck', op: 'create', fields: { name: '一' } });
  const deck = (name: string) => store.edit({ entity: 'deck', op: 'create', fields: { name } });
  const [top, abroad, home] = [await deck('礼仪'), await deck('礼仪::国际'), await deck('礼仪::国内::家')];
  const options = async (id: string, given: OptionChanges) =>
    store.edit({ entity: 'deck', op: 'update', entity_id: id, fields: { options: given } });
  await options(top, { new_per_day: 6, desired_retention: 0.8, voice: 'ja' });
  await options(abroad, { new_per_day: 2, voice: 'auto' });
  const ids: string[] = [];
  for (let made = 0; made < 30; made += 1) {
    ids.push(cardIdOf(await addNote(`n${made}`, [deckId, top, abroad, home][made % 4]), 0));
  }
  await agree([deckId, top, abroad, home]);
  const left = async () => {
    const { all, decks } = await store.counts();
    return [all, ...[top, abroad, home].map((id) => decks.get(id))].map((each) => each?.new);
  };
  expect(await left()).toEqual([14, 6, 2, 6]);
  const [first = ''] = (await store.queue(abroad)).now;
  expect((await answer(first, 3)).event.data).toEqual({ retention: 0.8 });
  for (const id of (await store.queue(home)).now.slice(0, 4)) await answer(id, 4);
  expect(await left()).toEqual([9, 1, 1, 1]);
  await agree([deckId, top, abroad, home]);

  const view = await store.view(first);
  if (!view) throw new Error('the card is gone');
  expect(store.optionsOf(view.deck)).toMatchObject({
    voice: { value: 'auto', deck_id: abroad },
    desired_retention: { value: 0.8, deck_id: top },
    mix: { value: 'mix', deck_id: null },
  });
  await store.edit({ entity: 'deck', op: 'update', entity_id: abroad, fields: { name: '国际' } });
  const moved = await store.view(first);
  expect(moved && store.optionsOf(moved.deck).desired_retention).toEqual({ value: 0.9, deck_id: null });
  expect((await answer(first, 3)).event.data).toEqual({});
  expect(await left()).toEqual([11, 2, 1, 2]);
});

test('decks are read as a tree, whatever their order and the levels without a deck', () => {
  const names = ['乙::二::甲', '甲', '乙', '丙::一', '乙::一', '甲::一'];
  const rows = inLevels(names.map((name) => ({ id: name, name })));
  expect(rows.map(({ deck, level, under }) => [deck.name, level, under])).toEqual([
    ['甲', 0, ''],
    ['甲::一', 1, '甲::'],
    ['乙', 0, ''],
    ['乙::二::甲', 1, '乙::'],
    ['乙::一', 1, '乙::'],
    ['丙::一', 0, ''],
  ]);
});
