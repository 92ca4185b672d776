import { beforeEach, describe, expect, test } from 'vitest';
import { digestOf, digestText } from '../src/digest';
import { newId } from '../src/ids';
import type { LocalStore } from '../src/store/local';
import { stateOf } from '../src/store/onTop';
import { type Sync, startSync } from '../src/sync';
import type { Rating } from '../src/wire';
import { Clock, chanceOf, type Engines, notesOf, openPhone, randomOf, START, type Weather, worldOf } from './device';
import { LEARNER, Service } from './service';

const MINUTE = 60_000;
const OTHER_DEVICE = '01890000-0000-7000-8000-0000000000ff';

interface Phone {
  store: LocalStore;
  sync: Sync;
  weather: Weather;
  world: ReturnType<typeof worldOf>;
}

async function phoneAt(service: Service, clock: Clock, kind: Engines = 'indexed', seed = 1): Promise<Phone> {
  const store = await openPhone(kind, clock, seed);
  const phone = { weather: 'ok' as Weather, store } as Phone;
  phone.world = worldOf(service, clock, () => phone.weather);
  phone.sync = startSync(store, phone.world);
  return phone;
}

function filled(clock: Clock, notes: number): { service: Service; deck: string; cards: string[] } {
  const service = new Service(clock.now);
  const random = randomOf(chanceOf(99));
  const deck = newId(START, random);
  service.deck(deck);
  for (let made = 0; made < notes; made += 1)
    service.note(newId(START, random), deck, { front: `f${made}`, back: `b${made}` });
  return { service, deck, cards: [...service.cards.keys()] };
}

async function sameAsService({ store }: Phone, service: Service): Promise<void> {
  for (const id of service.cards.keys()) {
    const card = await store.card(id);
    expect(card && stateOf(card)).toEqual(service.stateOf(id));
  }
  const { device } = await store.outbox(1);
  expect(digestText(device.digest)).toBe(digestText(digestOf(service.cards.values())));
}

describe('one phone', () => {
  let clock: Clock;
  let service: Service;
  let cards: string[];
  let deck: string;
  let phone: Phone;

  beforeEach(async () => {
    clock = new Clock();
    ({ service, cards, deck } = filled(clock, 12));
    phone = await phoneAt(service, clock);
  });

  const answer = (card: string, rating: Rating = 3) =>
    phone.store.record(phone.store.prepare({ card_id: card, kind: 'answer', rating }));

  test('who only looks makes no learner; the first sync asks for one and fetches all', async () => {
    expect(service.requests).toBe(0);
    const status = await phone.sync.run();
    expect(status).toMatchObject({ phase: 'idle', unsent: 0, refused: 0, problem: null });
    expect(phone.store.learner().id).toBe(LEARNER.id);
    expect((await phone.store.queue()).now).toHaveLength(12);
    await sameAsService(phone, service);
  });

  test('a phone whose browser cleared everything away fetches it again by itself', async () => {
    const cleared = await openPhone('indexed', clock);
    const sync = startSync(cleared, { ...worldOf(service, clock), hasSession: () => true });
    await new Promise<void>((done) => sync.subscribe(({ syncedAt }) => syncedAt !== null && done()));
    expect((await cleared.queue()).now).toHaveLength(12);
  });

  test('when it last synced is known after a restart too', async () => {
    const { syncedAt } = await phone.sync.run();
    const again = startSync(phone.store, { ...phone.world, isOnline: () => false });
    await new Promise<void>((done) => again.subscribe(({ phase }) => phase === 'offline' && done()));
    expect(again.status().syncedAt).toBe(syncedAt);
  });

  test('answers are sent and stay known for undo', async () => {
    await phone.sync.run();
    await answer(cards[0] ?? '', 4);
    await answer(cards[1] ?? '', 1);
    await phone.sync.run();
    expect([service.events.size, await phone.store.unsent()]).toEqual([2, 0]);
    await phone.store.undo((await phone.store.lastUndoable())?.id ?? '');
    await phone.store.undo((await phone.store.lastUndoable())?.id ?? '');
    expect(await phone.store.lastUndoable()).toBeNull();
    await phone.sync.run();
    expect(service.events.size).toBe(4);
    await sameAsService(phone, service);
  });

  test('an unsent undo of a sent answer stays on top of the rows that come', async () => {
    await phone.sync.run();
    const { event, before } = await answer(cards[0] ?? '', 4);
    await phone.sync.run();
    await phone.store.undo(event.id);
    const row = service.cards.get(cards[0] ?? '');
    const { device } = await phone.store.outbox(1);
    const none = { learner: null, parameters: [], decks: [], notes: [], tombstones: [] };
    const rest = { acked: [], refused: [], corrected: [], conflicts: [], server_time: clock.time, digest: null };
    await phone.store.absorb(
      { cursor: device.cursor, more: false, changes: { ...none, cards: row ? [row] : [] }, ...rest },
      0,
    );
    expect(stateOf((await phone.store.card(cards[0] ?? '')) ?? row ?? (before as never))).toEqual(before);
  });

  test('an answer given while the request is under way is neither lost nor taken as sent', async () => {
    await phone.sync.run();
    await answer(cards[0] ?? '');
    const { fetch } = phone.world;
    let once = true;
    phone.world.fetch = async (path, init) => {
      const response = await fetch(path, init);
      if (once) {
        once = false;
        clock.pass(MINUTE);
        await answer(cards[0] ?? '', 4);
      }
      return response;
    };
    await phone.sync.run();
    expect([service.events.size, await phone.store.unsent()]).toEqual([2, 0]);
    await sameAsService(phone, service);
  });

  test('an answer that names only other events is a failure, not a reason to ask at once for ever', async () => {
    await phone.sync.run();
    await answer(cards[0] ?? '');
    const { fetch } = phone.world;
    let asked = 0;
    phone.world.fetch = async (path, init) => {
      const said = (await (await fetch(path, init)).json()) as { acked: string[] };
      asked += 1;
      return Response.json({ ...said, acked: ['another'] });
    };
    expect(await phone.sync.run()).toMatchObject({ phase: 'waiting', unsent: 1 });
    expect(asked).toBe(1);
    phone.world.fetch = fetch;
    expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0 });
  });

  test.each(['lost-before', 'lost-after', 'busy'] as const)(
    'when the answer is %s nothing is lost or doubled',
    async (weather) => {
      await phone.sync.run();
      await answer(cards[0] ?? '');
      phone.weather = weather;
      expect(await phone.sync.run()).toMatchObject({ phase: 'waiting', unsent: 1 });
      phone.weather = 'ok';
      expect(phone.world.waiting.length).toBe(1);
      expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0 });
      expect(service.events.size).toBe(1);
      await sameAsService(phone, service);
    },
  );

  test.each([
    ['signedOut', 'signed-out', 401],
    ['onlyNewApps', 'outdated', 426],
  ] as const)('%s: everything is kept, nothing is judged', async (why, phase, status) => {
    await phone.sync.run();
    await answer(cards[0] ?? '');
    service[why] = true;
    expect(await phone.sync.run()).toMatchObject({ phase, unsent: 1, refused: 0, problem: { status } });
    service[why] = false;
    expect([(await phone.sync.run()).phase, service.events.size]).toEqual(['idle', 1]);
  });

  test('an answer on a card that is gone is refused, listed, and its card removed', async () => {
    await phone.sync.run();
    const card = service.cards.get(cards[3] ?? '');
    service.removeNote(card?.note_id ?? '');
    await answer(cards[3] ?? '');
    const status = await phone.sync.run();
    expect(status).toMatchObject({ phase: 'idle', unsent: 0, refused: 1 });
    const [refused] = await phone.store.refused();
    expect(refused).toMatchObject({
      body: { card_id: cards[3], kind: 'answer' },
      problem: { type: '/problems/card-missing' },
    });
    expect([await phone.store.card(cards[3] ?? ''), await phone.store.note(card?.note_id ?? '')]).toEqual([null, null]);
    await phone.store.dismissRefused(refused?.id ?? '');
    expect(await phone.store.refused()).toEqual([]);
  });

  test.each([true, false])(
    'one item that spoils the request does not hold back the others (pointed at: %s)',
    async (points) => {
      await phone.sync.run();
      const made = [];
      for (const card of cards.slice(0, 7)) made.push((await answer(card)).event);
      service.points = points;
      service.poison.add(made[4]?.id ?? '');
      expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0, refused: 1 });
      expect(service.events.size).toBe(6);
      await sameAsService(phone, service);
    },
  );

  test('a note made offline, answered offline, is sent with its answer', async () => {
    const fields = { front: '新', back: 'new' };
    const made = await phone.store.edit({ entity: 'deck', op: 'create', fields: { name: '我的' } });
    const note = await phone.store.edit({
      entity: 'note',
      op: 'create',
      fields: { deck_id: made, kind: 'basic', fields, tags: [] },
    });
    const [card] = await phone.store.cardsOfNote(note);
    await answer(card?.id ?? '', 4);
    await phone.store.edit({ entity: 'note', op: 'update', entity_id: note, fields: { fields: { back: 'fresh' } } });
    expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0, refused: 0 });
    expect(service.notes.get(note)?.fields).toEqual({ front: '新', back: 'fresh' });
    expect(await phone.store.view(card?.id ?? '')).toMatchObject({ front: '新', back: 'fresh' });
    await sameAsService(phone, service);
  });

  test('large answers come in pages', async () => {
    const random = randomOf(chanceOf(5));
    for (let made = 0; made < 700; made += 1)
      service.note(newId(START, random), deck, { front: `g${made}`, back: 'x' });
    await phone.sync.run();
    expect(service.requests).toBe(4);
    await sameAsService(phone, service);
  });

  test('rows that went astray are fetched anew, and once only when that does not help', async () => {
    await phone.sync.run();
    const lost = service.cards.get(cards[2] ?? '');
    if (lost) service.cards.set(lost.id, { ...lost, phase: 2, due_day: 1, reps: 3, stability: 2, difficulty: 5 });
    const ghost = service.cards.get(cards[5] ?? '');
    service.cards.delete(ghost?.id ?? '');
    service.notes.delete(ghost?.note_id ?? '');
    await phone.sync.run();
    await sameAsService(phone, service);
    expect(await phone.store.card(ghost?.id ?? '')).toBeNull();
    const { sync } = service as unknown as { sync: (request: unknown) => { digest: string } };
    Object.assign(service, {
      sync: (request: unknown) => ({ ...sync.call(service, request), digest: '00000000deadbeef' }),
    });
    const before = service.requests;
    await phone.sync.run();
    await phone.sync.run();
    expect(service.requests - before).toBe(3);
  });

  test('settings made offline reach the server', async () => {
    await phone.store.changeLearner({ rollover_hour: 3, settings: { theme: 'dark' } });
    await phone.sync.run();
    expect(service.learner).toMatchObject({ rollover_hour: 3, settings: { theme: 'dark' } });
    expect([phone.store.unsentPatch(), phone.store.learner().rollover_hour]).toEqual([null, 3]);
  });

  test('a wrong clock is measured, and answers carry the difference', async () => {
    const ahead = 3 * 3_600_000;
    phone.world.now = () => clock.time + ahead;
    Object.assign(phone.store, { clock: phone.world.now });
    await phone.sync.run();
    expect(Math.abs(phone.store.now() - clock.time)).toBeLessThan(1000);
    const { event } = await answer(cards[0] ?? '');
    expect(Math.abs(event.clock_offset_ms - ahead)).toBeLessThan(1000);
    await phone.sync.run();
    await sameAsService(phone, service);
  });

  test('another learner after a sign-in: the old rows go, the new ones come', async () => {
    await phone.sync.run();
    const { service: elsewhere, cards: theirs } = filled(new Clock(START + 1), 3);
    elsewhere.learner = { ...LEARNER, id: '01890000-0000-7000-8000-00000000bbbb' };
    phone.world.fetch = async (path, init) => elsewhere.respond(path, init);
    await phone.store.adopt(elsewhere.learner);
    await phone.sync.run();
    expect(await notesOf(phone.store)).toHaveLength(3);
    expect((await phone.store.queue()).now.sort()).toEqual([...theirs].sort());
  });

  test('acts are sent after a pause, five acts at once', async () => {
    await phone.sync.run();
    await answer(cards[0] ?? '');
    expect(phone.world.waiting).toHaveLength(1);
    phone.sync.stop();
    expect(phone.world.waiting).toHaveLength(0);
  });
});

describe.each<Engines>(['indexed', 'memory'])('whatever the network does (%s)', (kind) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'nothing is lost, nothing is doubled, both sides agree (seed %i)',
    async (seed) => {
      const chance = chanceOf(seed);
      const clock = new Clock();
      const { service, cards } = filled(clock, 10);
      const phone = await phoneAt(service, clock, kind, seed);
      await phone.sync.run();
      const made = new Set<string>();
      const story = new Story(phone, service, clock, chance, cards, made);
      for (let step = 0; step < 120; step += 1) await story.step();
      phone.weather = 'ok';
      expect(await phone.sync.run()).toMatchObject({ phase: 'idle', unsent: 0, refused: 0 });
      const own = [...service.events.values()].filter(({ device_id }) => device_id === phone.store.deviceId);
      expect(own.map(({ id }) => id).sort()).toEqual([...made].sort());
      expect(new Set(own.map(({ device_seq }) => device_seq)).size).toBe(own.length);
      await sameAsService(phone, service);
    },
  );
});

/** Random acts of a learner, of another device and of the network. */
class Story {
  constructor(
    private readonly phone: Phone,
    private readonly service: Service,
    private readonly clock: Clock,
    private readonly chance: () => number,
    private readonly cards: readonly string[],
    private readonly made: Set<string>,
  ) {}

  private one<T>(list: readonly T[]): T {
    return list[Math.floor(this.chance() * list.length)] as T;
  }

  async step(): Promise<void> {
    this.clock.pass(Math.floor(this.chance() * 20 * MINUTE));
    const luck = this.chance();
    if (luck < 0.45) await this.answer();
    else if (luck < 0.6) await this.undo();
    else if (luck < 0.68) await this.mark();
    else if (luck < 0.74) this.answerElsewhere();
    else if (luck < 0.76) this.clock.pass(86_400_000);
    else await this.sync();
  }

  private async answer(): Promise<void> {
    const { store } = this.phone;
    const rating = this.one([1, 2, 3, 4] as const);
    const event = store.prepare({ card_id: this.one(this.cards), kind: 'answer', rating });
    await Promise.all([store.record(event), store.record(event)]);
    this.made.add(event.id);
  }

  private async undo(): Promise<void> {
    const { store } = this.phone;
    const entries = (await store.journal(store.today())).filter(
      ({ undone, event }) => !undone && event.kind !== 'undo',
    );
    if (entries.length > 0) this.made.add((await store.undo(this.one(entries.slice(-3)).id)).event.id);
  }

  private async mark(): Promise<void> {
    const { store } = this.phone;
    const card_id = this.one(this.cards);
    const draft = this.one([
      { card_id, kind: 'suspend' },
      { card_id, kind: 'unsuspend' },
      { card_id, kind: 'flag', data: { flag: 2 } },
      { card_id, kind: 'bury', data: { until: store.today() + 1 } },
      { card_id, kind: 'reset' },
      { card_id, kind: 'due', data: { day: store.today() + 3 } },
    ] as const);
    this.made.add((await store.record(store.prepare(draft))).event.id);
  }

  private answerElsewhere(): void {
    const at = this.clock.time;
    this.service.answerElsewhere({
      id: newId(at, randomOf(this.chance)),
      card_id: this.one(this.cards),
      kind: 'answer',
      rating: this.one([1, 2, 3, 4] as const),
      at,
      clock_offset_ms: 0,
      day: this.phone.store.today(),
      duration_ms: 0,
      device_seq: this.service.events.size,
      data: {},
      device_id: OTHER_DEVICE,
      effective_at: at,
    });
  }

  private async sync(): Promise<void> {
    this.phone.weather = this.one(['ok', 'ok', 'lost-before', 'lost-after', 'lost-after', 'busy'] as const);
    const running = this.phone.sync.run();
    if (this.chance() < 0.4) await this.answer();
    await running;
  }
}
