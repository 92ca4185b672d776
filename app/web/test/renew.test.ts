import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../src/ids';
import { NEW_CARD } from '../src/schedule';
import type { LocalStore } from '../src/store/local';
import { stateOf } from '../src/store/onTop';
import { bridge } from '../src/store/renew';
import { type Sync, startSync } from '../src/sync';
import type { CardRow, CardState, Kind, LearnerRow, Rating } from '../src/wire';
import { Clock, chanceOf, openPhone, randomOf, START, type Weather, worldOf } from './device';
import { LEARNER, Service } from './service';

const DAY = 86_400_000;
const SECOND: LearnerRow = { ...LEARNER, id: '01890000-0000-7000-8000-00000000bbbb' };
const OTHER_DEVICE = '01890000-0000-7000-8000-0000000000ff';

/** A phone whose first learner can be forgotten: asked for a session, the server then makes a second one. */
class Forgotten {
  readonly clock = new Clock();
  readonly first = new Service(this.clock.now);
  readonly second = new Service(this.clock.now);
  current = this.first;
  weather: Weather = 'ok';
  store!: LocalStore;
  sync!: Sync;
  readonly deck: string;

  constructor(readonly chance: () => number) {
    const random = randomOf(chanceOf(99));
    this.deck = newId(START, random);
    this.first.deck(this.deck, '客套用语', { new_per_day: 7 });
    for (let made = 0; made < 8; made += 1)
      this.first.note(newId(START, random), this.deck, { front: `f${made}`, back: `b${made}` });
    this.second.learner = { ...SECOND };
  }

  async open(seed: number): Promise<this> {
    this.store = await openPhone('memory', this.clock, seed);
    const world = worldOf(this.first, this.clock, () => this.weather);
    world.fetch = async (path, init) => {
      if (this.weather === 'lost-before') throw new TypeError('network');
      if (this.first.signedOut && path === '/api/session') this.current = this.second;
      const response = this.current.respond(path, init);
      if (this.weather === 'lost-after') throw new TypeError('network');
      return response;
    };
    this.sync = startSync(this.store, world);
    await this.sync.run();
    return this;
  }

  async cards(): Promise<CardRow[]> {
    const list = await this.store.catalogue();
    return list.cards((await list.find('')).map(({ id }) => id));
  }

  async answer(card: string, rating: Rating = 3): Promise<string> {
    const event = this.store.prepare({ card_id: card, kind: 'answer', rating });
    await this.store.record(event);
    return event.id;
  }
}

/** What a learner would miss: the memory of a card and its marks. A step that runs within the day may begin anew. */
function kept(state: CardState, day: number) {
  const { phase, due_day, last_day, reps, lapses, suspended, flag, buried_until } = state;
  const digits = (value: number | null) => value?.toPrecision(5);
  return {
    ...{ phase, due_day, last_day, reps, lapses, suspended, flag },
    buried: buried_until !== null && buried_until > day ? buried_until : null,
    memory: [digits(state.stability), digits(state.difficulty)],
  };
}

describe('a phone whose anonymous learner the server has forgotten', () => {
  let phone: Forgotten;

  beforeEach(async () => {
    phone = await new Forgotten(chanceOf(1)).open(1);
  });

  test('keeps all it holds and says that it is signed out', async () => {
    await phone.answer((await phone.cards())[0]?.id ?? '');
    phone.first.signedOut = true;
    expect(await phone.sync.run()).toMatchObject({ phase: 'signed-out', unsent: 1 });
    expect(phone.current).toBe(phone.first);
    expect(phone.store.learner().id).toBe(LEARNER.id);
  });

  test('begins again only when asked, and then everything is with the new learner', async () => {
    const [one, two] = (await phone.cards()).map(({ id }) => id);
    const old = await phone.answer(one ?? '', 4);
    await phone.sync.run();
    phone.first.signedOut = true;
    const fresh = await phone.answer(two ?? '', 1);
    await phone.store.wantRenewal();
    expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0, refused: 0 });
    expect(phone.store.learner().id).toBe(SECOND.id);
    expect([...phone.second.events.keys()].sort()).toEqual([old, fresh].sort());
    expect([...phone.second.notes.values()].map(({ fields }) => fields.front)).toEqual(
      [...phone.first.notes.values()].map(({ fields }) => fields.front),
    );
    expect(phone.second.decks.get(phone.deck)).toMatchObject({ name: '客套用语', options: { new_per_day: 7 } });
  });

  test('sends nothing to the learner whom the server still knows after all', async () => {
    await phone.answer((await phone.cards())[0]?.id ?? '');
    await phone.store.wantRenewal();
    expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0, refused: 0 });
    expect(phone.store.learner().id).toBe(LEARNER.id);
    expect(phone.store.renewing).toBe(false);
  });

  test('sends nothing to an account that somebody signed in to meanwhile', async () => {
    phone.second.learner = { ...SECOND, kind: 'named', name: 'somebody' };
    phone.first.signedOut = true;
    await phone.answer((await phone.cards())[0]?.id ?? '');
    await phone.store.wantRenewal();
    expect(await phone.sync.run()).toMatchObject({ phase: 'signed-out', unsent: 1 });
    expect([phone.second.notes.size, phone.second.events.size]).toEqual([0, 0]);
  });

  test('goes on where it stood when the answer to the new session is lost', async () => {
    phone.first.signedOut = true;
    await phone.answer((await phone.cards())[0]?.id ?? '');
    await phone.store.wantRenewal();
    phone.weather = 'lost-after';
    expect((await phone.sync.run()).phase).toBe('waiting');
    phone.weather = 'ok';
    expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0, refused: 0 });
    expect(phone.second.events.size).toBe(1);
  });

  test('keeps settings, and where each fact stands in its text', async () => {
    const source = { document: '教材', section: ['一'], start: 3, end: 9, rule: 'term', quote: '' };
    const [note] = phone.first.notes.values();
    if (note) phone.first.notes.set(note.id, { ...note, source, seq: ++phone.first.seq });
    await phone.store.changeLearner({ settings: { left_handed: true } });
    await phone.sync.run();
    phone.first.signedOut = true;
    await phone.store.changeLearner({ settings: { two_buttons: true } });
    await phone.store.wantRenewal();
    await phone.sync.run();
    expect(phone.store.learner().settings).toEqual({ left_handed: true, two_buttons: true });
    expect((await phone.store.note(note?.id ?? ''))?.source).toEqual(source);
  });

  test('takes a deletion of the last hours along', async () => {
    phone.first.signedOut = true;
    const [card, other] = await phone.cards();
    await phone.answer(card?.id ?? '');
    await phone.store.edit({ entity: 'note', op: 'delete', entity_id: card?.note_id ?? '' });
    await phone.store.wantRenewal();
    expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0, refused: 0 });
    expect(phone.second.notes.has(card?.note_id ?? '')).toBe(false);
    expect(phone.second.notes.has(other?.note_id ?? '')).toBe(true);
  });
});

describe('whatever was done before', () => {
  const SEEDS = Array.from({ length: 40 }, (_, seed) => seed + 1);

  test.each(SEEDS)('nothing that was saved is lost by beginning again (life %i)', async (seed) => {
    const chance = chanceOf(seed);
    const phone = await new Forgotten(chance).open(seed);
    for (let act = 0; act < 60; act += 1) await live(phone, act > 40);
    phone.first.signedOut = true;
    const today = phone.store.today();
    const before = new Map((await phone.cards()).map((card) => [card.id, kept(card, today)]));
    const journal = await wholeJournal(phone);
    await phone.store.wantRenewal();
    await drain(phone);
    expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0, refused: 0 });
    const after = new Map((await phone.cards()).map((card) => [card.id, kept(card, today)]));
    expect(after).toEqual(before);
    for (const [id, state] of before) expect(kept(phone.second.stateOf(id) ?? NEW_CARD, today)).toEqual(state);
    for (const id of journal) expect(phone.second.events.has(id)).toBe(true);
    await afterwards(phone, seed);
  });

  /** Undo of what was answered before, and new answers, work as if nothing had happened. */
  async function afterwards(phone: Forgotten, seed: number): Promise<void> {
    const last = await phone.store.lastUndoable();
    if (last) await phone.store.undo(last.id);
    const [card] = await phone.cards();
    await phone.answer(card?.id ?? '', ((seed % 4) + 1) as Rating);
    expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0, refused: 0 });
    for (const { id, ...row } of await phone.cards())
      expect(stateOf({ id, ...row } as CardRow)).toEqual(phone.second.stateOf(id));
  }

  async function drain(phone: Forgotten): Promise<void> {
    const weathers: Weather[] = ['lost-before', 'lost-after', 'ok', 'lost-after'];
    for (const weather of weathers) {
      phone.weather = weather;
      await phone.sync.run();
    }
    phone.weather = 'ok';
  }

  async function wholeJournal(phone: Forgotten): Promise<string[]> {
    const ids: string[] = [];
    for (const { id } of await phone.cards()) ids.push(...(await phone.store.history(id)).map((entry) => entry.id));
    return ids;
  }

  async function live(phone: Forgotten, lonely: boolean): Promise<void> {
    const { chance, store, clock } = phone;
    const cards = await phone.cards();
    const card = cards[Math.floor(chance() * cards.length)];
    if (card) await act(phone, card, lonely);
    clock.pass(Math.floor(chance() * chance() * 3 * DAY) + 1000);
    if (chance() < 0.2) await store.begin();
    if (!lonely && chance() < 0.4) await phone.sync.run();
  }

  async function act(phone: Forgotten, card: CardRow, lonely: boolean): Promise<void> {
    const { chance, store } = phone;
    const record = async (kind: Kind, data: CardData = {}) => {
      await store.record(store.prepare({ card_id: card.id, kind, data }));
    };
    const answer = async () => void (await phone.answer(card.id, (1 + Math.floor(chance() * 4)) as Rating));
    const acts: (() => Promise<void>)[] = [
      answer,
      answer,
      answer,
      () => record(card.suspended ? 'unsuspend' : 'suspend'),
      () => record('flag', { flag: Math.floor(chance() * 3) }),
      () => record('reset'),
      () => record('due', { day: store.today() + 4 }),
      () => record('bury', { until: store.today() + 2 }),
      async () => {
        const last = await store.lastUndoable();
        if (last) await store.undo(last.id);
      },
      async () => {
        if (!lonely) elsewhere(phone, card.id);
      },
    ];
    await acts[Math.floor(chance() * acts.length)]?.();
  }

  type CardData = Record<string, number>;

  function elsewhere({ first, clock, store, chance }: Forgotten, card: string): void {
    const at = clock.now();
    const id = newId(at, randomOf(chance));
    const rest = { clock_offset_ms: 0, duration_ms: 0, device_id: OTHER_DEVICE, device_seq: 1, data: {} };
    const event = {
      id,
      card_id: card,
      kind: 'answer',
      rating: 3,
      at,
      day: store.today(),
      effective_at: at,
      ...rest,
    } as const;
    first.answerElsewhere(event);
  }
});

describe('the acts that lead from one state to another', () => {
  test('none, when nothing differs', () => {
    expect(bridge(NEW_CARD, NEW_CARD, 20_000)).toEqual([]);
  });

  test('a card that stands elsewhere is begun anew and then brought there', () => {
    const there: CardState = {
      ...NEW_CARD,
      phase: 2,
      stability: 9,
      difficulty: 5,
      due_day: 20_009,
      last_day: 20_000,
      reps: 3,
    };
    expect(bridge({ ...there, reps: 1 }, there, 20_000).map(({ kind }) => kind)).toEqual(['reset', 'seed']);
    expect(bridge(there, NEW_CARD, 20_000).map(({ kind }) => kind)).toEqual(['reset']);
  });
});
