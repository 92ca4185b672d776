import { beforeEach, expect, test } from 'vitest';
import { cardIdOf, newId } from '../src/ids';
import type { LocalStore } from '../src/store/local';
import { startSync } from '../src/sync';
import type { LearnerRow, Problem } from '../src/wire';
import { Clock, chanceOf, openPhone, randomOf, START, worldOf } from './device';
import { LEARNER, Service } from './service';

const ACCOUNT: LearnerRow = { ...LEARNER, id: '01890000-0000-7000-8000-00000000cccc', kind: 'named', name: '韦业' };
const APART: Problem = { type: 'about:blank', title: '分开保存', status: 409 };
const random = randomOf(chanceOf(7));
const id = () => newId(START, random);

let clock: Clock;
let guest: Service;
let account: Service;
let store: LocalStore;
/** Deck and note of the same catalogue deck, as the guest has it and as the account has it. */
let here: { deck: string; note: string };
let there: { deck: string; note: string };

beforeEach(async () => {
  clock = new Clock();
  guest = new Service(clock.now);
  account = new Service(clock.now);
  account.learner = { ...ACCOUNT };
  here = { deck: id(), note: id() };
  there = { deck: id(), note: id() };
  guest.deck(here.deck, '客套用语');
  guest.note(here.note, here.deck, { front: '问', back: '答' });
  account.deck(there.deck, '客套用语');
  account.note(there.note, there.deck, { front: '问', back: '答' });
  store = await openPhone('memory', clock, 3);
});

async function syncWith(service: Service) {
  const sync = startSync(store, worldOf(service, clock));
  const status = await sync.run();
  sync.stop();
  return status;
}

async function answer(card: string): Promise<string> {
  const event = store.prepare({ card_id: card, kind: 'answer', rating: 3 });
  await store.record(event);
  clock.pass(1000);
  return event.id;
}

const cardHere = () => cardIdOf(here.note, 0);
const cardThere = () => cardIdOf(there.note, 0);
const moved = () => [
  { before: here.deck, after: there.deck },
  { before: here.note, after: there.note },
  { before: cardHere(), after: cardThere() },
];

test('what was answered in the very moment of adding lands on the card of the account', async () => {
  await syncWith(guest);
  await answer(cardHere());
  await syncWith(guest);
  const late = await answer(cardHere());
  await store.handOver(ACCOUNT, moved(), APART);
  expect(store.learner()).toMatchObject({ id: ACCOUNT.id, name: '韦业' });
  expect(await syncWith(account)).toMatchObject({ phase: 'idle', unsent: 0, refused: 0 });
  expect([...account.events.keys()]).toEqual([late]);
  expect(account.stateOf(cardThere())?.reps).toBe(1);
  expect((await store.decks()).map((deck) => deck.id)).toEqual([there.deck]);
});

test('undo and the days studied go along', async () => {
  await syncWith(guest);
  const given = await answer(cardHere());
  await syncWith(guest);
  const event = guest.events.get(given);
  if (event) account.answerElsewhere({ ...event, card_id: cardThere() });
  await store.handOver(ACCOUNT, moved(), APART);
  await syncWith(account);
  expect(await store.daysStudied()).toEqual([store.today()]);
  expect((await store.lastUndoable())?.card_id).toBe(cardThere());
  await store.undo(given);
  expect(await syncWith(account)).toMatchObject({ phase: 'idle', unsent: 0, refused: 0 });
  expect(account.stateOf(cardThere())?.reps).toBe(0);
});

test('kept apart, nothing of it is sent to the account, and nothing that was unsent is dropped', async () => {
  await syncWith(guest);
  const late = await answer(cardHere());
  await store.changeLearner({ settings: { left_handed: true } });
  await store.handOver(ACCOUNT, null, APART);
  expect(await syncWith(account)).toMatchObject({ phase: 'idle', unsent: 0, refused: 1 });
  expect((await store.refused()).map((item) => [item.id, item.problem.title])).toEqual([[late, '分开保存']]);
  expect(account.events.size).toBe(0);
  expect(account.learner?.settings).toEqual({});
  expect(await store.card(cardHere())).toBeNull();
  expect(await store.card(cardThere())).not.toBeNull();
});

test('what is half written goes along to its new places, or is gone with the rest', async () => {
  for (const goes of [true, false]) {
    await store.remember('draft:new', { deck: here.deck, fields: { front: '半句' } });
    await store.remember(`draft:${here.note}`, { fields: { front: '问：半句' } });
    await store.handOver(ACCOUNT, goes ? moved() : null, APART);
    expect(await store.recall('draft:new')).toEqual(goes ? { deck: there.deck, fields: { front: '半句' } } : null);
    expect(await store.recall(`draft:${there.note}`)).toEqual(goes ? { fields: { front: '问：半句' } } : null);
  }
});
