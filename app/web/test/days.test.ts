import { describe, expect, test } from 'vitest';
import { answersIn, NOTHING } from '../src/stats';
import { AHEAD, census, censusOf, comesOn } from '../src/store/census';
import { ALL_DECKS, type DayRow, keepTold, knownDays, markIn, packed, unpacked } from '../src/store/days';
import type { LocalStore } from '../src/store/local';
import type { CardRow, Rating } from '../src/wire';
import { Clock, openPhone } from './device';

const DAY = 86_400_000;
const SOME = { ...NOTHING, good: 3, young: 3, young_passed: 3, duration_ms: 9_000 };

interface Phone {
  clock: Clock;
  store: LocalStore;
  decks: [string, string];
  cards: string[];
}

/** Two decks with three cards each. */
async function aPhone(): Promise<Phone> {
  const clock = new Clock();
  const store = await openPhone('indexed', clock);
  const decks: string[] = [];
  for (const name of ['一', '二']) {
    const deck_id = await store.edit({ entity: 'deck', op: 'create', fields: { name } });
    decks.push(deck_id);
    for (const front of ['a', 'b', 'c']) {
      const fields = { front: front + name, back: 'x' };
      await store.edit({ entity: 'note', op: 'create', fields: { deck_id, kind: 'basic', fields, tags: [] } });
    }
  }
  const cards = (await (await store.catalogue()).find('')).map(({ id }) => id);
  return { clock, store, decks: decks as [string, string], cards };
}

async function answer({ store }: Phone, card: string | undefined, rating: Rating = 3): Promise<string> {
  const event = store.prepare({ card_id: card ?? '', kind: 'answer', rating, duration_ms: 2_000 });
  return (await store.record(event)).event.id;
}

/** The server names everything that was sent. */
async function sync({ store }: Phone): Promise<void> {
  const { items } = await store.outbox(1000);
  const rest = { refused: [], corrected: [], conflicts: [], server_time: 0, digest: null };
  const changes = { learner: null, parameters: [], decks: [], notes: [], cards: [], tombstones: [] };
  await store.absorb({ cursor: 7, more: true, acked: items.map(({ id }) => id), changes, ...rest }, 0);
}

async function tell({ store }: Phone, rows: readonly DayRow[], between?: () => Promise<unknown>): Promise<boolean> {
  const mark = await store.engine.run('readonly', ['meta', 'outbox'], markIn);
  if (!mark) return false;
  await between?.();
  const told = { ...mark, since: 0, at: store.now(), by: 'deck' as const, rows };
  return store.engine.run('readwrite', ['meta', 'outbox'], (tx) => keepTold(tx, told, ''));
}

async function answersBy({ store }: Phone, deck?: string): Promise<Record<number, number>> {
  const scope = deck ? { decks: new Set([deck]), list: deck } : ALL_DECKS;
  const { days } = await knownDays(store.engine, scope);
  const today = store.today();
  return Object.fromEntries([...days].map(([day, counts]) => [day - today, answersIn(counts)]));
}

describe('the days of study on a phone', () => {
  test('that was never online are its own, as the end of a sitting says them', async () => {
    const phone = await aPhone();
    await answer(phone, phone.cards[0]);
    const wrong = await answer(phone, phone.cards[3], 1);
    phone.clock.pass(DAY);
    await answer(phone, phone.cards[1]);
    expect(await answersBy(phone)).toEqual({ [-1]: 2, 0: 1 });
    expect(await answersBy(phone, phone.decks[1])).toEqual({ [-1]: 1 });
    phone.clock.pass(-DAY);
    await phone.store.undo(wrong);
    expect(await phone.store.summary(phone.store.today())).toMatchObject({ answers: 1, duration_ms: 2_000 });
  });

  test('are the server’s with what it does not have on top; nothing counts twice, before a sync or after it', async () => {
    const phone = await aPhone();
    await answer(phone, phone.cards[0]);
    expect(await tell(phone, [])).toBe(false);
    await sync(phone);
    const today = phone.store.today();
    const rows = [
      { day: today - 9, deck_id: phone.decks[0], counts: SOME },
      { day: today, deck_id: phone.decks[0], counts: SOME },
      { day: today, deck_id: phone.decks[1], counts: SOME },
    ];
    expect(await tell(phone, rows)).toBe(true);
    expect(await answersBy(phone)).toEqual({ [-9]: 3, 0: 6 });
    await answer(phone, phone.cards[1]);
    expect(await answersBy(phone)).toEqual({ [-9]: 3, 0: 7 });
    await sync(phone);
    expect(await answersBy(phone)).toEqual({ [-9]: 3, 0: 7 });
    expect(await answersBy(phone, phone.decks[1])).toEqual({ 0: 3 });
    expect(await phone.store.summary(today)).toMatchObject({ answers: 7, reviewed: 6, recalled: 6 });
  });

  test('lose an answer that is taken back after the server counted it', async () => {
    const phone = await aPhone();
    const counted = await answer(phone, phone.cards[0]);
    await sync(phone);
    const counts = { ...NOTHING, good: 1, new: 1, duration_ms: 2_000 };
    await tell(phone, [{ day: phone.store.today(), deck_id: phone.decks[0], counts }]);
    await phone.store.undo(counted);
    expect(await answersBy(phone)).toEqual({});
    await sync(phone);
    expect(await answersBy(phone)).toEqual({});
  });

  test('are not kept when something is answered while the server is asked', async () => {
    const phone = await aPhone();
    await sync(phone);
    const rows = [{ day: phone.store.today(), deck_id: phone.decks[0], counts: SOME }];
    expect(await tell(phone, rows, () => answer(phone, phone.cards[0]))).toBe(false);
    expect(await answersBy(phone)).toEqual({ 0: 1 });
  });

  test('stay when the answers leave the journal', async () => {
    const phone = await aPhone();
    await answer(phone, phone.cards[0]);
    await answer(phone, phone.cards[3]);
    await sync(phone);
    phone.clock.pass(20 * DAY);
    await phone.store.begin();
    expect(await phone.store.history(phone.cards[0] ?? '')).toEqual([]);
    expect(await answersBy(phone)).toEqual({ [-20]: 2 });
    expect(await answersBy(phone, phone.decks[1])).toEqual({ [-20]: 1 });
    await tell(phone, [{ day: phone.store.today() - 20, deck_id: phone.decks[0], counts: SOME }]);
    expect(await answersBy(phone)).toEqual({ [-20]: 3 });
  });
});

test('a kept list is the same when it is read again, negative counts and added up decks too', () => {
  const rows = [
    { day: 20_000, deck_id: 'a', counts: SOME },
    { day: 20_001, deck_id: null, counts: { ...NOTHING, again: -1, duration_ms: 86_400_000 } },
  ];
  expect(unpacked(packed(rows))).toEqual(rows);
});

describe('the census of cards', () => {
  test('counts each card once, by deck', async () => {
    const phone = await aPhone();
    await answer(phone, phone.cards[0], 4);
    await answer(phone, phone.cards[3], 1);
    await phone.store.record(phone.store.prepare({ card_id: phone.cards[1] ?? '', kind: 'suspend' }));
    const all = await census(phone.store.engine, phone.store.today(), []);
    const { stands, due } = censusOf(all, phone.decks);
    expect(stands).toEqual({ new: 3, learning: 1, young: 1, mature: 0, suspended: 1 });
    expect(due[0]).toBe(1);
    expect(due.reduce((sum, cards) => sum + cards, 0)).toBe(2);
    expect(censusOf(all, [phone.decks[1]]).stands).toMatchObject({ new: 2, learning: 1 });
    expect(censusOf(all, []).stands.new).toBe(0);
  });

  const card = { id: 'c', phase: 2, due_day: 110, last_day: 90, suspended: false, buried_until: null } as CardRow;

  test('a card comes on its due day, today when that is past, after a postponing, and not in a break', () => {
    expect(comesOn(card, 100, [])).toBe(10);
    expect(comesOn(card, 130, [])).toBe(0);
    expect(comesOn({ ...card, buried_until: 115 }, 100, [])).toBe(15);
    expect(comesOn({ ...card, suspended: true }, 100, [])).toBeNull();
    expect(comesOn({ ...card, phase: 0 }, 100, [])).toBeNull();
    const before = comesOn({ ...card, last_day: 80 }, 100, [{ first: 108, last: 112 }]);
    expect(before).toBeLessThan(8);
    expect(before).toBeGreaterThan(2);
    const after = comesOn(card, 109, [{ first: 108, last: 112 }]);
    expect(after).toBeGreaterThan(3);
    expect(after).toBeLessThan(9);
    expect(comesOn(card, 109, [{ first: 108, last: 300 }])).toBe(AHEAD);
  });
});
