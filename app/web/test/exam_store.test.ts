/** Exams in the phone's database: made and changed offline, merged with what the server says. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { cardIdOf } from '../src/ids';
import { chosen, sidesOf } from '../src/parts/exam/sides';
import { sectionsStanding } from '../src/state/exams';
import { dayPlan, EXAM_TABLES, examPlans, knownOf, liveExams, spentOn } from '../src/store/exams';
import { openIndexed } from '../src/store/indexed';
import type { LocalStore } from '../src/store/local';
import { ALL_TABLES, TABLES } from '../src/store/tables';
import type { Changes, SyncAnswer } from '../src/wire';
import { Clock, openPhone } from './device';
import { dayPlanRow, examPlanRow, examRow, planCard } from './exam_rows';
import { LEARNER } from './service';

let clock: Clock;
let store: LocalStore;
let deckId: string;

beforeEach(async () => {
  clock = new Clock();
  store = await openPhone('indexed', clock);
  deckId = await store.edit({ entity: 'deck', op: 'create', fields: { name: '一' } });
});

async function addCard(front: string): Promise<string> {
  const fields = { front, back: 'b' };
  return cardIdOf(
    await store.edit({ entity: 'note', op: 'create', fields: { deck_id: deckId, kind: 'basic', fields, tags: [] } }),
    0,
  );
}

async function heard(part: Partial<Omit<SyncAnswer, 'changes'>> & { changes?: Partial<Changes> }): Promise<void> {
  const changes = { learner: null, parameters: [], decks: [], notes: [], cards: [], tombstones: [], ...part.changes };
  const rest = { acked: [], refused: [], corrected: [], conflicts: [], digest: null, more: false };
  await store.absorb({ cursor: 1, server_time: clock.time, ...rest, ...part, changes }, 0);
}

function addExam(part = {}) {
  const { name, minutes } = examRow();
  return store.edit({ entity: 'exam', op: 'create', fields: { name, minutes, day: store.today() + 10, ...part } });
}

const exams = () => store.engine.run('readonly', EXAM_TABLES, liveExams);
const plans = () => store.engine.run('readonly', EXAM_TABLES, async (tx) => [await examPlans(tx), await dayPlan(tx)]);
const known = () => store.engine.run('readonly', EXAM_TABLES, (tx) => knownOf(tx, store.today(), store.parameters()));
const unsentEdits = async () =>
  (await store.outbox(100)).items.flatMap(({ edit }) => (edit?.entity === 'exam' ? edit : []));

describe('an exam', () => {
  test('is made, changed and deleted offline, each as one edit', async () => {
    const id = await addExam({ decks: [deckId] });
    await store.edit({ entity: 'exam', op: 'update', entity_id: id, fields: { minutes: [9, 9, 9, 9, 9, 9, 9] } });
    const [exam] = await exams();
    expect(exam).toMatchObject({ id, name: '公关员考试', decks: [deckId], time: null, archived: false });
    expect(exam?.minutes).toEqual([9, 9, 9, 9, 9, 9, 9]);
    await store.edit({ entity: 'exam', op: 'delete', entity_id: id });
    expect(await exams()).toEqual([]);
    await store.edit({ entity: 'exam', op: 'restore', entity_id: id });
    expect(await exams()).toHaveLength(1);
    expect((await unsentEdits()).map(({ op }) => op)).toEqual(['create', 'update', 'delete', 'restore']);
  });

  test('keeps marks by their keys', async () => {
    const id = await addExam();
    const change = (cards: Record<string, 'pinned' | 'dropped' | null>) =>
      store.edit({ entity: 'exam', op: 'update', entity_id: id, fields: { cards } });
    await change({ a: 'pinned', b: 'dropped' });
    await change({ a: null, c: 'pinned' });
    expect((await exams())[0]?.cards).toEqual({ b: 'dropped', c: 'pinned' });
    expect((await unsentEdits()).at(-1)?.fields).toEqual({ cards: { a: null, c: 'pinned' } });
  });

  test('of the server comes in with what is unsent on top', async () => {
    const row = examRow({ day: store.today() + 5 });
    await heard({ changes: { exams: [row] } });
    await store.edit({ entity: 'exam', op: 'update', entity_id: row.id, fields: { name: '口试' } });
    await heard({ changes: { exams: [{ ...row, day: row.day + 1, version: 2, seq: 2 }] } });
    expect((await exams())[0]).toMatchObject({ name: '口试', day: row.day + 1, version: 2 });
  });

  test('that the server refuses is gone here, and listed', async () => {
    await addExam();
    const [edit] = await unsentEdits();
    const problem = { type: '/problems/exam-past', title: 'x', status: 422 };
    await heard({ refused: [{ id: edit?.id ?? '', problem }] });
    expect(await exams()).toEqual([]);
    expect(await store.refused()).toHaveLength(1);
  });

  test('changed on two phones shows both versions until the learner decides', async () => {
    const row = examRow({ day: store.today() + 5 });
    await heard({ changes: { exams: [row] } });
    const minutes = [5, 5, 5, 5, 5, 5, 5];
    const conflict = { entity_id: row.id, field: 'minutes', kept: row.minutes, other: minutes };
    await heard({ conflicts: [conflict] });
    expect((await exams())[0]?.conflict).toEqual({ minutes: { kept: row.minutes, other: minutes } });
    await heard({ changes: { exams: [{ ...row, seq: 9 }] } });
    expect((await exams())[0]?.conflict).toBeDefined();
    await store.edit({ entity: 'exam', op: 'update', entity_id: row.id, fields: { minutes } });
    expect((await exams())[0]?.conflict).toBeUndefined();
  });

  test('two cards marked on two phones are decided one by one', async () => {
    const row = examRow({ day: store.today() + 5 });
    await heard({ changes: { exams: [row] } });
    const sides = { kept: 'pinned', other: 'dropped' };
    await heard({ conflicts: ['cards.a', 'cards.b'].map((field) => ({ entity_id: row.id, field, ...sides })) });
    const [both] = await exams();
    expect(both && sidesOf(both).map(({ field }) => field)).toEqual(['cards.a', 'cards.b']);
    expect(chosen('cards.a', 'dropped')).toEqual({ cards: { a: 'dropped' } });
    expect(chosen('day', 7)).toEqual({ day: 7 });
    await store.edit({ entity: 'exam', op: 'update', entity_id: row.id, fields: { cards: { a: 'dropped' } } });
    expect((await exams())[0]?.conflict).toEqual({ 'cards.b': sides });
  });

  test('deleted elsewhere is gone with its plan', async () => {
    const row = examRow();
    await heard({ changes: { exams: [row], exam_plans: [examPlanRow()] } });
    await heard({ changes: { tombstones: [{ entity: 'exam', id: row.id }] } });
    expect([await exams(), ...(await plans())]).toEqual([[], [], null]);
  });
});

describe('plans', () => {
  test('only the latest stays', async () => {
    await heard({ changes: { exams: [examRow()], exam_plans: [examPlanRow()], day_plans: [dayPlanRow([])] } });
    const newer = dayPlanRow([], { day: 20_591, made_at: 5 });
    await heard({ changes: { exam_plans: [examPlanRow({ day: 20_591 })], day_plans: [newer] } });
    await heard({ changes: { day_plans: [dayPlanRow([], { made_at: 99 })] } });
    const [byExam, today] = await plans();
    expect([byExam, today]).toMatchObject([[{ day: 20_591 }], { day: 20_591, made_at: 5 }]);
  });

  test('of another learner do not stay', async () => {
    await store.adopt(LEARNER);
    await heard({ changes: { exams: [examRow()], exam_plans: [examPlanRow()], day_plans: [dayPlanRow([])] } });
    await store.adopt({ ...LEARNER, id: '01890000-0000-7000-8000-00000000bbbb' });
    expect(await plans()).toEqual([[], null]);
    await heard({});
    expect(await exams()).toEqual([]);
  });

  test('say how the parts stand now, back as it was after an undo', async () => {
    const cardId = await addCard('a');
    const exam = examRow({ day: store.today() + 9 });
    const day_plans = [dayPlanRow([planCard(cardId)], { day: store.today() })];
    const nothing = { mean: 0, low: 0, high: 0 };
    const section = { key: deckId, deck_id: deckId, path: [], cards: 1, seen: 0, readiness: nothing };
    const sections = [{ ...section, share: 1, pinned: false, dropped: false }];
    const exam_plans = [examPlanRow({ day: store.today(), sections })];
    await heard({ changes: { exams: [exam], exam_plans, day_plans } });
    expect(await sectionsStanding(store, exam)).toEqual(sections);
    const { event } = await store.record(
      store.prepare({ card_id: cardId, kind: 'answer', rating: 3, duration_ms: 4000, data: {} }),
    );
    const [now] = (await sectionsStanding(store, exam)) ?? [];
    expect(now?.seen).toBe(1);
    expect(now?.readiness.mean).toBeGreaterThan(0.2);
    await store.undo(event.id);
    expect(await sectionsStanding(store, exam)).toEqual(sections);
  });

  test('are read with the ids of all cards and the rows of those answered since', async () => {
    const [a, b] = [await addCard('a'), await addCard('b')];
    const exam = examRow({ day: store.today() + 9 });
    const plan = dayPlanRow([planCard(a), planCard(b)], { day: store.today() });
    await heard({ changes: { exams: [exam], day_plans: [plan] } });
    const answer = (data = {}) =>
      store.record(store.prepare({ card_id: b, kind: 'answer', rating: 3, duration_ms: 4000, data }));
    await answer({ exam: exam.id });
    const { event } = await answer();
    const read = await known();
    expect(read.plan).toMatchObject({ day: store.today() });
    expect(new Set(read.cards.map(({ id }) => id))).toEqual(new Set([a, b]));
    expect([...read.rows.keys()]).toEqual([b]);
    expect(read.answers).toEqual([
      { cardId: b, day: store.today(), rating: 3 },
      { cardId: b, day: store.today(), rating: 3 },
    ]);
    await store.undo(event.id);
    expect((await known()).answers).toHaveLength(1);
    expect(await store.engine.run('readonly', EXAM_TABLES, (tx) => spentOn(tx, store.today()))).toBe(4);
  });

  test('without one all cards are read, in the order of the deck, but for suspended ones', async () => {
    const [a, b, c] = [await addCard('a'), await addCard('b'), await addCard('c')];
    await addExam();
    await store.record(store.prepare({ card_id: b, kind: 'suspend' }));
    const read = await known();
    expect([read.plan, read.cards.map(({ id }) => id)]).toEqual([null, [a, c]]);
  });
});

test('beginning again sends the exams that lie ahead', async () => {
  const ahead = await addExam({ cards: { x: 'pinned' } });
  const over = await addExam();
  await store.edit({ entity: 'exam', op: 'update', entity_id: over, fields: { archived: true } });
  await heard({
    changes: { exam_plans: [examPlanRow({ exam_id: ahead })] },
    acked: (await unsentEdits()).map(({ id }) => id),
  });
  await store.renew({ ...LEARNER, id: '01890000-0000-7000-8000-00000000bbbb' });
  const edits = await unsentEdits();
  expect(edits).toMatchObject([
    { op: 'create', entity_id: ahead, fields: { name: '公关员考试', cards: { x: 'pinned' } } },
  ]);
  expect(Object.keys(edits[0]?.fields ?? {}).sort()).toEqual(
    ['buffer_days', 'cards', 'day', 'days_off', 'decks', 'minutes', 'name', 'sections', 'target', 'time'].sort(),
  );
  expect(await plans()).toEqual([[], null]);
});

test('a database of the version before exams keeps its rows and gets the new tables', async () => {
  globalThis.indexedDB = new IDBFactory();
  const old = ALL_TABLES.filter((table) => !['exams', 'exam_plans', 'day_plans'].includes(table));
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open('old', 1);
    request.onupgradeneeded = () => {
      for (const table of old) {
        const made = request.result.createObjectStore(table, { keyPath: TABLES[table].key });
        for (const [name, path] of Object.entries<string | readonly string[]>(TABLES[table].indexes))
          made.createIndex(name, path as string | string[]);
      }
      request.transaction?.objectStore('meta').put({ name: 'kept', value: 7 });
    };
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onerror = () => reject(request.error);
  });
  const engine = await openIndexed('old');
  const read = await engine.run('readonly', ['meta', 'exams', 'day_plans'], async (tx) => [
    (await tx.get('meta', 'kept'))?.value,
    await tx.count('exams'),
    await tx.count('day_plans'),
  ]);
  expect(read).toEqual([7, 0, 0]);
  engine.close();
});
