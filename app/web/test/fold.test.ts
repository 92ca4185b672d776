/** What answers of the server do to the phone's rows, one promise a test. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ownEvent } from '../src/events';
import { cardIdOf, newId } from '../src/ids';
import { NEW_CARD, replay } from '../src/schedule';
import { EDIT_TABLES, editOf, saveEdit } from '../src/store/edits';
import { openIndexed } from '../src/store/indexed';
import type { LocalStore } from '../src/store/local';
import { stateOf } from '../src/store/onTop';
import { openStore } from '../src/store/open';
import type { CardRow, Changes, EventIn, NoteRow, Rating, SyncAnswer } from '../src/wire';
import { Clock, chanceOf, notesOf, openPhone, randomOf, START } from './device';

const PROBLEM = { type: '/problems/x', title: 'x', status: 422 };
const MINUTE = 60_000;

let clock: Clock;
let store: LocalStore;
let deckId: string;
let noteId: string;
let cardId: string;

beforeEach(async () => {
  clock = new Clock();
  store = await openPhone('indexed', clock);
  deckId = await store.edit({ entity: 'deck', op: 'create', fields: { name: '一' } });
  noteId = await addNote('f');
  cardId = cardIdOf(noteId, 0);
});

function addNote(front: string): Promise<string> {
  const fields = { front, back: 'b' };
  return store.edit({ entity: 'note', op: 'create', fields: { deck_id: deckId, kind: 'basic', fields, tags: [] } });
}

function answer(rating: Rating, card = cardId) {
  clock.pass(MINUTE);
  return store.record(store.prepare({ card_id: card, kind: 'answer', rating }));
}

async function heard(part: Partial<Omit<SyncAnswer, 'changes'>> & { changes?: Partial<Changes> }): Promise<void> {
  const changes = { learner: null, parameters: [], decks: [], notes: [], cards: [], tombstones: [], ...part.changes };
  const rest = { acked: [], refused: [], corrected: [], conflicts: [], digest: null, more: false };
  await store.absorb({ cursor: 1, server_time: clock.time, ...rest, ...part, changes }, 0);
}

async function row(): Promise<CardRow> {
  const card = await store.card(cardId);
  if (!card) throw new Error('no card');
  return card;
}

function stateAfter(events: readonly EventIn[]) {
  return replay(
    cardId,
    events.map((event) => ownEvent(event, store.deviceId)),
  );
}

async function note(): Promise<NoteRow> {
  const found = await store.note(noteId);
  if (!found) throw new Error('no note');
  return found;
}

async function ackEdits(): Promise<void> {
  const { items } = await store.outbox(99);
  await heard({ acked: items.map(({ id }) => id) });
}

describe('cards', () => {
  test('an unsent answer stays on top of the row that comes, and is not applied twice once it is acked', async () => {
    const first = await answer(3);
    const known = { ...first.card, seq: 5 };
    const second = await answer(3);
    await heard({ acked: [first.event.id], changes: { cards: [known] } });
    expect(stateOf(await row())).toEqual(stateAfter([first.event, second.event]));
    await heard({ acked: [second.event.id], changes: { cards: [{ ...second.card, seq: 6 }] } });
    expect(stateOf(await row())).toEqual(stateAfter([first.event, second.event]));
  });

  test('an older row does not replace a newer one', async () => {
    const newer = { ...(await row()), flag: 5, seq: 9 };
    await heard({ changes: { cards: [newer] } });
    await heard({ changes: { cards: [{ ...newer, flag: 1, seq: 8 }] } });
    expect((await row()).flag).toBe(5);
  });

  test('undo of several answers in any order', async () => {
    const made: EventIn[] = [];
    for (const rating of [3, 3, 4] as const) made.push((await answer(rating)).event);
    await store.undo(made[1]?.id ?? '');
    await store.undo(made[2]?.id ?? '');
    expect(stateOf(await row())).toEqual(stateAfter(made.slice(0, 1)));
  });

  test('a refused answer is taken back, and those after it stay', async () => {
    const made: EventIn[] = [];
    for (const rating of [3, 1, 4] as const) made.push((await answer(rating)).event);
    await store.refuse([made[1]?.id ?? ''], PROBLEM);
    expect(stateOf(await row())).toEqual(stateAfter(made.filter((_, place) => place !== 1)));
    expect((await store.refused()).map(({ id }) => id)).toEqual([made[1]?.id]);
  });

  test('a refused undo leaves the answer in force', async () => {
    const made = (await answer(4)).event;
    const undo = await store.undo(made.id);
    expect(stateOf(await row())).toEqual(NEW_CARD);
    await store.refuse([undo.event.id], PROBLEM);
    expect(stateOf(await row())).toEqual(stateAfter([made]));
    expect((await store.lastUndoable())?.id).toBe(made.id);
  });

  test('a day that the server corrects moves the journal’s entry', async () => {
    const { event } = await answer(4);
    await heard({ acked: [event.id], corrected: [{ id: event.id, day: event.day - 1 }] });
    expect([await store.journal(event.day), (await store.journal(event.day - 1)).length]).toEqual([[], 1]);
  });

  test('an undone answer gives its place among the new cards back', async () => {
    for (let made = 0; made < 30; made += 1) await addNote(`n${made}`);
    for (const id of (await store.queue()).now) await answer(4, id);
    expect((await store.queue()).now).toEqual([]);
    const last = await store.lastUndoable();
    await store.undo(last?.id ?? '');
    expect((await store.queue()).now).toEqual([last?.card_id]);
  });

  test('a note with many cards does not hide what comes after them', async () => {
    const text = Array.from({ length: 90 }, (_, place) => `{{c${place + 1}::x${place}}}`).join(' ');
    const fields = { deck_id: deckId, kind: 'cloze' as const, fields: { text }, tags: [] };
    await store.edit({ entity: 'note', op: 'create', fields });
    for (let made = 0; made < 30; made += 1) await addNote(`n${made}`);
    expect((await store.queue()).now).toHaveLength(20);
  });
});

describe('notes and decks', () => {
  test('an unsent edit stays on top of the row that comes', async () => {
    await ackEdits();
    await store.edit({ entity: 'note', op: 'update', entity_id: noteId, fields: { fields: { back: 'mine' } } });
    const theirs = { ...(await note()), fields: { front: 'theirs', back: 'b' }, version: 3, seq: 7 };
    await heard({ changes: { notes: [theirs] } });
    expect((await note()).fields).toEqual({ front: 'theirs', back: 'mine' });
  });

  test('a refused edit goes back to what stood before', async () => {
    await ackEdits();
    await store.edit({ entity: 'note', op: 'update', entity_id: noteId, fields: { fields: { back: 'bad' } } });
    await store.edit({ entity: 'note', op: 'update', entity_id: noteId, fields: { fields: { front: 'good' } } });
    const { items } = await store.outbox(9);
    await store.refuse([items[0]?.id ?? ''], PROBLEM);
    expect((await note()).fields).toEqual({ front: 'good', back: 'b' });
  });

  test('a refused new note goes with its cards', async () => {
    const { items } = await store.outbox(9);
    await store.refuse([items.find(({ about }) => about === noteId)?.id ?? ''], PROBLEM);
    expect([await store.note(noteId), await store.card(cardId)]).toEqual([null, null]);
  });

  test('the same field changed on two sides: the kept one stands, both are shown until the next edit', async () => {
    await ackEdits();
    await store.edit({ entity: 'note', op: 'update', entity_id: noteId, fields: { fields: { back: 'mine' } } });
    const { items } = await store.outbox(9);
    const conflict = { entity_id: noteId, field: 'back', kept: 'theirs', other: 'mine' };
    await heard({ acked: items.map(({ id }) => id), conflicts: [conflict] });
    expect(await note()).toMatchObject({
      fields: { back: 'theirs' },
      conflict: { back: { kept: 'theirs', other: 'mine' } },
    });
    await heard({ changes: { notes: [{ ...(await note()), seq: 9 }] } });
    expect((await note()).conflict).toBeDefined();
    await store.edit({ entity: 'note', op: 'update', entity_id: noteId, fields: { fields: { back: 'both' } } });
    expect((await note()).conflict).toBeUndefined();
  });

  test('one’s own edit of one’s own unsent edit is no conflict', async () => {
    await ackEdits();
    for (const back of ['first', 'second']) {
      await store.edit({ entity: 'note', op: 'update', entity_id: noteId, fields: { fields: { back } } });
    }
    const { items } = await store.outbox(9);
    const conflict = { entity_id: noteId, field: 'back', kept: 'second', other: 'first' };
    await heard({ acked: items.map(({ id }) => id), conflicts: [conflict] });
    expect(await note()).toMatchObject({ fields: { back: 'second' } });
    expect((await note()).conflict).toBeUndefined();
  });

  test('a deletion that met an edit elsewhere is taken back', async () => {
    await ackEdits();
    await store.edit({ entity: 'note', op: 'delete', entity_id: noteId });
    const { items } = await store.outbox(9);
    const conflict = { entity_id: noteId, field: 'deleted', kept: false, other: true };
    await heard({ acked: items.map(({ id }) => id), conflicts: [conflict] });
    expect((await store.queue()).now).toEqual([cardId]);
  });

  test('what was deleted is still brought back after the server has taken the deletion in', async () => {
    await ackEdits();
    await store.edit({ entity: 'note', op: 'delete', entity_id: noteId });
    const { items } = await store.outbox(9);
    const tombstones = [
      { entity: 'note' as const, id: noteId },
      { entity: 'card' as const, id: cardId },
    ];
    await heard({ acked: items.map(({ id }) => id), changes: { tombstones } });
    expect(await store.note(noteId)).toBeNull();
    await store.edit({ entity: 'note', op: 'restore', entity_id: noteId });
    const waiting = (await store.outbox(9)).items;
    expect(waiting.map(({ edit }) => [edit?.op, edit?.entity_id])).toEqual([['restore', noteId]]);
  });

  test('a card whose note is being brought back stays when its deletion is heard of late', async () => {
    await ackEdits();
    await store.edit({ entity: 'note', op: 'delete', entity_id: noteId });
    const { items } = await store.outbox(9);
    await store.edit({ entity: 'note', op: 'restore', entity_id: noteId });
    const tombstones = [
      { entity: 'note' as const, id: noteId },
      { entity: 'card' as const, id: cardId },
    ];
    await heard({ acked: items.map(({ id }) => id), changes: { tombstones } });
    expect((await store.queue()).now).toEqual([cardId]);
  });

  test('what was deleted elsewhere goes, unless an unsent edit brings it back', async () => {
    await ackEdits();
    const second = await addNote('g');
    await ackEdits();
    await store.edit({ entity: 'note', op: 'update', entity_id: second, fields: { fields: { back: 'x' } } });
    const tombstones = [noteId, second].map((id) => ({ entity: 'note' as const, id }));
    await heard({ changes: { tombstones } });
    expect([await store.note(noteId), await store.card(cardId)]).toEqual([null, null]);
    expect(await store.note(second)).not.toBeNull();
    await ackEdits();
    await heard({ changes: { tombstones: [{ entity: 'deck', id: deckId }] } });
    expect([await store.decks(), await store.note(second), await notesOf(store)]).toEqual([[], null, []]);
  });
});

test('a transaction that is repeated after its commit went unheard saves once', async () => {
  const engine = await openIndexed('twice');
  const twice = await openStore({ engine, now: clock.now, channel: null });
  const ids = randomOf(chanceOf(1));
  const draft = { entity: 'deck', op: 'create', fields: { name: 'x' } } as const;
  const edit = editOf(draft, newId(START, ids), newId(START, ids), START);
  for (let time = 0; time < 2; time += 1) await engine.run('readwrite', EDIT_TABLES, (tx) => saveEdit(tx, edit));
  expect([await twice.unsent(), (await twice.decks()).length]).toEqual([1, 1]);
});

test('every transaction asks for the disk itself', async () => {
  const opened = vi.spyOn(IDBDatabase.prototype, 'transaction');
  await answer(3);
  expect(opened.mock.calls.length).toBeGreaterThan(0);
  for (const [, , options] of opened.mock.calls) expect(options).toEqual({ durability: 'strict' });
  opened.mockRestore();
});

describe("the day's limits", () => {
  async function leftNew(): Promise<number | undefined> {
    return (await store.counts()).decks.get(deckId)?.new;
  }

  /** A deck that gives out `perDay` new cards a day and has more. */
  async function limited(perDay: number): Promise<void> {
    for (const front of ['g', 'h', 'i', 'j']) await addNote(front);
    await store.edit({ entity: 'deck', op: 'update', entity_id: deckId, fields: { options: { new_per_day: perDay } } });
    await ackEdits();
  }

  const told = (cards: number) => ({ day: store.today(), done: [{ deck_id: deckId, new: cards, reviews: 0 }] });

  test('count what other devices have answered', async () => {
    await limited(3);
    expect(await leftNew()).toBe(3);
    await heard({ today: told(2) });
    expect(await leftNew()).toBe(1);
    clock.pass(24 * 60 * MINUTE);
    expect(await leftNew()).toBe(3);
  });

  test('count an answer once, before and after the server has it, and not when it was taken back', async () => {
    await limited(3);
    await heard({ today: told(1) });
    const { event } = await answer(3);
    expect(await leftNew()).toBe(1);
    await heard({ acked: [event.id], today: told(2) });
    expect(await leftNew()).toBe(1);
    const undo = await store.undo(event.id);
    expect(await leftNew()).toBe(2);
    await heard({ acked: [undo.event.id], today: told(1) });
    expect(await leftNew()).toBe(2);
  });

  test('are those of the learner who is signed in now', async () => {
    await limited(3);
    await heard({ today: told(3) });
    expect(await leftNew()).toBe(0);
    await store.adopt({ ...store.learner(), id: newId(START, randomOf(chanceOf(9))) });
    expect(await leftNew()).toBe(3);
  });
});
