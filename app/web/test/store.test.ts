import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { optionsInForce, usualOptions, valuesOf } from '../src/deck_options';
import { digestOf, digestText } from '../src/digest';
import { ownEvent } from '../src/events';
import { cardIdOf, newId } from '../src/ids';
import { decksAbove, lineOf } from '../src/levels';
import { buildQueue, catchingUp, DEFAULT_LIMITS, type DeckLimits } from '../src/queue';
import { NEW_CARD, replay, retrievability } from '../src/schedule';
import type { Engine, Tx } from '../src/store/engine';
import type { LocalStore } from '../src/store/local';
import { stateOf } from '../src/store/onTop';
import type { Table } from '../src/store/tables';
import { leftIn } from '../src/store/todays_queue';
import type { EditDraft } from '../src/store/types';
import type { CardRow, Rating } from '../src/wire';
import { Clock, chanceOf, type Engines, notesOf, openPhone, randomOf } from './device';

const MINUTE = 60_000;

describe.each<Engines>(['indexed', 'memory'])('the store over %s', (kind) => {
  let clock: Clock;
  let store: LocalStore;
  let deckId: string;

  beforeEach(async () => {
    clock = new Clock();
    store = await openPhone(kind, clock);
    deckId = await store.edit({ entity: 'deck', op: 'create', fields: { name: '一' } });
  });

  afterEach(() => store.close());

  async function addNote(front: string, deck = deckId): Promise<string> {
    const fields = { front, back: `${front}!` };
    return store.edit({ entity: 'note', op: 'create', fields: { deck_id: deck, kind: 'basic', fields, tags: [] } });
  }

  async function addCard(front: string): Promise<string> {
    return cardIdOf(await addNote(front), 0);
  }

  function answer(cardId: string, rating: Rating) {
    return store.record(store.prepare({ card_id: cardId, kind: 'answer', rating, duration_ms: 4000 }));
  }

  test('an answer is event, outbox, journal and card at once, and a repetition changes nothing', async () => {
    const card = await addCard('a');
    const unsent = await store.unsent();
    const event = store.prepare({ card_id: card, kind: 'answer', rating: 3, duration_ms: 90_000 });
    const first = await store.record(event);
    const again = await store.record(event);
    expect(first.event).toMatchObject({ id: event.id, duration_ms: 60_000, rating: 3 });
    expect(again.event).toEqual(first.event);
    expect(first.card).toMatchObject({ phase: 1, step: 1, reps: 1, due_at: clock.time + 10 * MINUTE });
    expect(await store.card(card)).toMatchObject(stateOf(first.card));
    expect(await store.unsent()).toBe(unsent + 1);
    expect(await store.journal(store.today())).toHaveLength(1);
  });

  test('undo without limit within the day ends where it began', async () => {
    const cards = [await addCard('a'), await addCard('b')];
    for (const [place, rating] of ([3, 1, 4, 2, 3] as const).entries()) {
      clock.pass(MINUTE);
      await answer(cards[place % 2] ?? '', rating);
    }
    await store.record(store.prepare({ card_id: cards[0] ?? '', kind: 'suspend' }));
    for (let undone = 0; ; undone += 1) {
      const last = await store.lastUndoable();
      if (!last) {
        expect(undone).toBe(6);
        break;
      }
      clock.pass(1000);
      await store.undo(last.id);
    }
    for (const id of cards) expect(stateOf((await store.card(id)) as CardRow)).toEqual(NEW_CARD);
  });

  test('an undo in the middle equals the replay without that answer; the same undo twice is one', async () => {
    const card = await addCard('a');
    const made = [];
    for (const rating of [3, 3, 1, 4] as const) {
      clock.pass(11 * MINUTE);
      made.push((await answer(card, rating)).event);
    }
    const first = await store.undo(made[1]?.id ?? '');
    const second = await store.undo(made[1]?.id ?? '');
    expect(second.event.id).toBe(first.event.id);
    const left = made.filter((_, place) => place !== 1).map((event) => ownEvent(event, store.deviceId));
    expect(stateOf((await store.card(card)) as CardRow)).toEqual(replay(card, left));
  });

  test('the deck’s own retention goes into the answer', async () => {
    const card = await addCard('a');
    await store.edit({
      entity: 'deck',
      op: 'update',
      entity_id: deckId,
      fields: { options: { desired_retention: 0.8 } },
    });
    const { event } = await answer(card, 4);
    expect(event.data).toEqual({ retention: 0.8 });
  });

  test('an answer on a card that was deleted meanwhile is kept for the server', async () => {
    const note = await addNote('a');
    const event = store.prepare({ card_id: newId(clock.time, randomOf(chanceOf(7))), kind: 'answer', rating: 3 });
    const unsent = await store.unsent();
    await store.record(event);
    expect(await store.unsent()).toBe(unsent + 1);
    expect(await store.note(note)).not.toBeNull();
  });

  test('an edit that makes no card is refused and leaves nothing behind', async () => {
    const unsent = await store.unsent();
    await expect(addNote('')).rejects.toThrow('front: missing');
    expect(await store.unsent()).toBe(unsent);
    expect(await notesOf(store)).toHaveLength(0);
  });

  test('a note that gets another gap gets another card and keeps the history of the first', async () => {
    const fields = { text: '{{c1::甲}}和乙' };
    const note = await store.edit({
      entity: 'note',
      op: 'create',
      fields: { deck_id: deckId, kind: 'cloze', fields, tags: [] },
    });
    const answered = (await answer(cardIdOf(note, 0), 4)).card;
    await store.edit({
      entity: 'note',
      op: 'update',
      entity_id: note,
      fields: { fields: { text: '{{c1::甲}}和{{c2::乙}}' } },
    });
    const cards = await store.cardsOfNote(note);
    expect(cards.map(({ ordinal }) => ordinal)).toEqual([0, 1]);
    expect(cards[0] && stateOf(cards[0])).toEqual(stateOf(answered));
    await store.edit({ entity: 'note', op: 'update', entity_id: note, fields: { fields: { text: '甲和{{c2::乙}}' } } });
    expect((await store.cardsOfNote(note)).map(({ ordinal }) => ordinal)).toEqual([1]);
  });

  test('a deleted deck is out of sight and comes back whole', async () => {
    const card = await addCard('a');
    await store.edit({ entity: 'deck', op: 'delete', entity_id: deckId });
    expect([await store.decks(), (await store.queue()).now, await store.view(card)]).toEqual([[], [], null]);
    await store.edit({ entity: 'deck', op: 'restore', entity_id: deckId });
    expect((await store.queue()).now).toEqual([card]);
    expect(await store.view(card)).toMatchObject({ front: 'a', back: 'a!' });
  });

  test('a deleted note is out of the queue and of the list, and comes back', async () => {
    const note = await addNote('a');
    await store.edit({ entity: 'note', op: 'delete', entity_id: note });
    expect([(await store.queue()).now, await notesOf(store)]).toEqual([[], []]);
    await store.edit({ entity: 'note', op: 'restore', entity_id: note });
    expect((await store.queue()).now).toEqual([cardIdOf(note, 0)]);
  });

  test('the digest kept with each write is the sum over the cards', async () => {
    const cards = [await addCard('a'), await addCard('b'), await addCard('c')];
    await answer(cards[0] ?? '', 3);
    await answer(cards[1] ?? '', 4);
    await store.record(store.prepare({ card_id: cards[2] ?? '', kind: 'suspend' }));
    const rows = await Promise.all(cards.map((id) => store.card(id)));
    const { device } = await store.outbox(1);
    expect(digestText(device.digest)).toBe(digestText(digestOf(rows.filter((row) => row !== null))));
  });

  test('the queue of indexed reads is the queue over all cards', async () => {
    const chance = chanceOf(11);
    const second = await store.edit({ entity: 'deck', op: 'create', fields: { name: '二' } });
    const ids: string[] = [];
    for (let made = 0; made < 90; made += 1) {
      ids.push(cardIdOf(await addNote(`n${made}`, chance() < 0.7 ? deckId : second), 0));
    }
    const options = { new_per_day: 70, reviews_per_day: 3, new_order: 'random', mix: 'new-first' } as const;
    for (let day = 0; day < 4; day += 1) {
      await studySome(ids, chance);
      for (const deck of [undefined, second, deckId]) await sameAsOverAll(ids, deck);
      await store.edit({ entity: 'deck', op: 'update', entity_id: deckId, fields: { options } });
      clock.pass(86_400_000 + 5 * MINUTE);
    }
    const order = { review_order: 'retrievability' } as const;
    await store.edit({ entity: 'deck', op: 'update', entity_id: deckId, fields: { options: order } });
    await sameAsOverAll(ids, deckId);
    await store.edit({ entity: 'deck', op: 'update', entity_id: deckId, fields: { options: { review_order: 'due' } } });
    const off = { first: store.today() + 3, last: store.today() + 12 };
    await store.changeLearner({ settings: { breaks: [off] } });
    for (const days of [0, 2, 3, 8, 2]) {
      clock.pass(days * 86_400_000);
      for (const deck of [undefined, deckId]) await sameAsOverAll(ids, deck);
    }
    await store.changeLearner({ settings: { catch_up: 5 } });
    await sameAsOverAll(ids, undefined);
    expect((await store.queue()).now.length).toBeGreaterThan(0);
  });

  async function studySome(ids: readonly string[], chance: () => number): Promise<void> {
    const drawn = (share: number) => ids.filter(() => chance() < share);
    for (const id of drawn(0.3)) await answer(id, (1 + Math.floor(chance() * 4)) as Rating);
    for (const id of drawn(0.05)) await store.record(store.prepare({ card_id: id, kind: 'suspend' }));
    const data = { until: store.today() + 1 };
    for (const id of drawn(0.05)) await store.record(store.prepare({ card_id: id, kind: 'bury', data }));
  }

  async function doneToday() {
    const fresh = new Map<string, number>();
    const reviews = new Map<string, number>();
    for (const { before, deck_id, event } of await store.journal(store.today())) {
      if (event.kind !== 'answer') continue;
      const counter = [fresh, null, reviews, null][before.phase];
      counter?.set(deck_id, (counter.get(deck_id) ?? 0) + 1);
    }
    return { new_done: fresh, reviews_done: reviews };
  }

  async function sameAsOverAll(ids: readonly string[], deck: string | undefined): Promise<void> {
    const rows = (await Promise.all(ids.map((id) => store.card(id)))).filter((row) => row !== null);
    const decks = await store.decks();
    const above = decksAbove(decks);
    const own = new Map(decks.map(({ id, options }) => [id, options]));
    const usual = usualOptions(store.learner().settings, 0.9);
    const limitsOf = (id: string): DeckLimits => valuesOf(optionsInForce(id, (each) => own.get(each), above, usual));
    const limits = new Map(decks.map(({ id }) => [id, limitsOf(id)]));
    const answered = rows.filter(({ last_day }) => last_day === store.today()).map(({ note_id }) => note_id);
    const { settings } = store.learner();
    const { new_order, review_order, mix } = (deck && limits.get(deck)) || DEFAULT_LIMITS;
    const all = { new_per_day: 20, reviews_per_day: 200, new_order, review_order, mix };
    const total = catchingUp(all, settings.catch_up);
    const today = {
      day: store.today(),
      now: store.now(),
      ...(await doneToday()),
      notes_answered: new Set(answered),
      breaks: settings.breaks ?? [],
    };
    const recall = (row: CardRow) => retrievability(row, store.today(), store.parameters());
    const wanted = buildQueue(
      rows
        .filter(({ deck_id }) => deck === undefined || lineOf(deck_id, above).includes(deck))
        .map((row) => ({ ...row, retrievability: recall(row) })),
      limits,
      total,
      today,
      above,
    );
    const queue = await store.queue(deck);
    expect(queue).toEqual({ day: store.today(), ...wanted });
    const counts = await store.counts();
    expect(deck === undefined ? counts.all : counts.decks.get(deck)).toMatchObject(leftIn(wanted));
  }

  test('the queue reads no deeper than the limits reach', async () => {
    const second = await store.edit({ entity: 'deck', op: 'create', fields: { name: '二' } });
    for (let made = 0; made < 200; made += 1) await addNote(`n${made}`, made % 2 === 0 ? deckId : second);
    const { engine } = store as unknown as { engine: Engine };
    const run = engine.run.bind(engine);
    let read = 0;
    Object.assign(engine, {
      run: (mode: 'readonly', tables: Table[], body: (tx: Tx) => Promise<unknown>) =>
        run(mode, tables, (tx) => {
          const rows: Tx['rows'] = async (table, how) => {
            const found = await tx.rows(table, how);
            read += found.length;
            return found;
          };
          return body({ ...tx, rows });
        }),
    });
    expect((await store.queue()).now).toHaveLength(20);
    expect(read).toBeLessThan(2 * (20 + 8) + 10);
  });

  test('a deck that begins with a note of many cards still gets its turn beside another', async () => {
    const text = Array.from({ length: 90 }, (_, place) => `{{c${place + 1}::x${place}}}`).join(' ');
    const fields = { deck_id: deckId, kind: 'cloze' as const, fields: { text }, tags: [] };
    const many = await store.edit({ entity: 'note', op: 'create', fields });
    const ids = Array.from({ length: 90 }, (_, ordinal) => cardIdOf(many, ordinal));
    const second = await store.edit({ entity: 'deck', op: 'create', fields: { name: '二' } });
    for (let made = 0; made < 30; made += 1) {
      for (const deck of [deckId, second]) ids.push(cardIdOf(await addNote(`n${made}`, deck), 0));
    }
    await sameAsOverAll(ids, undefined);
  });

  test('ten more new cards beyond the day’s limit', async () => {
    for (let made = 0; made < 35; made += 1) await addCard(`n${made}`);
    for (const id of (await store.queue()).now) await answer(id, 4);
    expect((await store.queue()).now).toEqual([]);
    expect((await store.queue(undefined, 10)).now).toHaveLength(10);
    expect((await store.queue(deckId, 15)).now).toHaveLength(15);
  });

  test('counts, summary and forecast', async () => {
    const cards = [await addCard('a'), await addCard('b'), await addCard('c')];
    await answer(cards[0] ?? '', 4);
    await answer(cards[1] ?? '', 1);
    const due = (await store.card(cards[0] ?? ''))?.due_day ?? 0;
    expect((await store.counts()).decks.get(deckId)).toEqual({ new: 1, learning: 1, review: 0, total: 3 });
    expect(await store.summary(store.today())).toMatchObject({
      answers: 2,
      reviewed: 0,
      recalled: 0,
      duration_ms: 8000,
      next_due: { day: due, cards: 1 },
    });
    expect(await store.forecast(due, due + 1)).toEqual([1, 0]);
  });

  test('finds by words in any form and by state, also what has just changed', async () => {
    const first = await addNote('ＡＢＣ 握手 ');
    const second = await addNote('握手与名片');
    const third = await addNote('座次');
    expect(await notesOf(store, 'abc 握手')).toEqual([first]);
    expect(await notesOf(store, '握手')).toEqual([first, second]);
    await answer(cardIdOf(third, 0), 4);
    expect(await notesOf(store, 'is:review')).toEqual([third]);
    await store.edit({
      entity: 'note',
      op: 'update',
      entity_id: first,
      fields: { fields: { front: '名片' }, tags: ['礼'] },
    });
    await store.edit({ entity: 'note', op: 'delete', entity_id: second });
    expect(await notesOf(store, '名片 tag:礼')).toEqual([first]);
    expect(await notesOf(store)).toEqual([first, third]);
    await expect(notesOf(store, 'colour:red')).rejects.toThrow('key-unknown');
  });

  test('many edits and acts at once leave out what is gone, and are taken back one by one', async () => {
    const notes = [await addNote('一'), await addNote('二'), await addNote('三')];
    const cards = notes.map((note) => cardIdOf(note, 0));
    const gone = '01890000-0000-7000-8000-00000000dead';
    const change = (entity_id: string): EditDraft => ({
      entity: 'note',
      op: 'update',
      entity_id,
      fields: { tags: ['x'] },
    });
    await store.editAll([...notes, gone].map(change));
    expect(await notesOf(store, 'tag:x')).toEqual(notes);
    const events = cards.map((card_id) => store.prepare({ card_id, kind: 'suspend' }));
    const counts: number[] = [];
    await store.recordAll(events, (count) => counts.push(count));
    expect([await notesOf(store, 'is:suspended'), counts]).toEqual([notes, [3]]);
    const undone = events
      .slice(1)
      .map(({ id, card_id }) => store.prepare({ card_id, kind: 'undo', data: { event: id } }));
    await store.recordAll(undone);
    expect(await notesOf(store, 'is:suspended')).toEqual(notes.slice(0, 1));
  });

  test('a note that says nearly the same is found while another is written', async () => {
    const first = await addNote('握手时谁先伸手？');
    await addNote('名片怎样递？');
    const list = await store.catalogue();
    expect((await list.alike('握手时应该谁先伸手')).map(({ id }) => id)).toEqual([]);
    expect((await list.alike('握手时谁先伸手')).map(({ id }) => id)).toEqual([first]);
    expect(await list.alike('握')).toEqual([]);
  });

  test('a search that begins while another reads what changed finds it too', async () => {
    const id = await addNote('久仰大名');
    const list = await store.catalogue();
    expect(await list.find('tag:常用')).toEqual([]);
    await store.edit({ entity: 'note', op: 'update', entity_id: id, fields: { tags: ['常用'] } });
    const [, found] = await Promise.all([list.find('久仰'), list.find('tag:常用')]);
    expect(found?.map(({ note_id }) => note_id)).toEqual([id]);
  });

  test('a search after one that failed reads again', async () => {
    const id = await addNote('久仰大名');
    const list = await store.catalogue();
    vi.spyOn(store.engine, 'run').mockRejectedValueOnce(new Error('the disk is away'));
    await expect(list.find('久仰')).rejects.toThrow('the disk is away');
    expect((await list.find('久仰')).map(({ note_id }) => note_id)).toEqual([id]);
  });

  test('a day is begun with its first answer, and not when that is taken back', async () => {
    const card = await addCard('a');
    expect((await store.counts()).begun).toBe(false);
    const { event } = await answer(card, 3);
    expect((await store.counts()).begun).toBe(true);
    await store.undo(event.id);
    expect((await store.counts()).begun).toBe(false);
  });

  test('what the interface remembers is there again', async () => {
    await store.remember('study', { card: 'x', side: 'back' });
    expect(await store.recall('study')).toEqual({ card: 'x', side: 'back' });
    expect(await store.recall('other')).toBeNull();
  });

  test('wiping needs a word when something is unsent, and makes another device', async () => {
    const device = store.deviceId;
    await expect(store.wipe()).rejects.toThrow('unsent');
    await store.wipe(true);
    expect([await store.decks(), await store.unsent(), store.deviceId === device]).toEqual([[], 0, false]);
  });
});
