/** One phone: the real store and the real sync, a hand that studies, and a tab that dies now and then. */
import { digestText } from '../../src/digest';
import type { Random } from '../../src/ids';
import { Gone, type LocalStore, openStore, type PreparedEvent } from '../../src/store';
import { openIndexed } from '../../src/store/indexed';
import { stateOf } from '../../src/store/onTop';
import { type Surroundings, type Sync, startSync } from '../../src/sync';
import { chanceOf, randomOf } from '../device';
import { plant } from './faults';
import { type Chance, nextAct, pick } from './hand';
import { Line } from './line';
import { Mortal } from './mortal';
import type { PhoneReport, Plan } from './plan';

const DAY_MS = 86_400_000;
/** The pauses of sync, made short enough for a test. */
const FASTER = 100;
const LONGEST_PAUSE_MS = 300;
const MOST_TRIES = 400;

export class Phone {
  readonly line: Line;
  store!: LocalStore;
  private sync!: Sync;
  private engine!: Mortal;
  private readonly chance: Chance;
  private readonly random: Random;
  private readonly made = new Map<string, PreparedEvent>();
  private readonly saved = new Set<string>();
  private readonly notes = new Set<string>();
  private cards: string[] = [];
  private done = 0;
  private online = true;
  private offlineFor = 0;
  private returning: (() => void)[] = [];

  constructor(
    private readonly name: string,
    private readonly plan: Plan,
    private readonly zone: string,
    seed: number,
  ) {
    this.line = new Line(plan.address);
    this.chance = chanceOf(seed);
    this.random = randomOf(chanceOf(seed + 1));
  }

  /** The phone's clock: days behind at first, so that its acts spread over several learner days. Sync measures with the true one. */
  private readonly clock = (): number =>
    Date.now() - Math.round(this.plan.days * DAY_MS * (1 - this.done / this.plan.acts));

  async open(): Promise<void> {
    this.engine = new Mortal(await openIndexed(this.name));
    const { engine, clock: now, random, zone } = this;
    this.store = await openStore({ engine, now, random, zone, channel: null });
    plant(this.plan.fault, this.store, engine);
    this.sync = startSync(this.store, this.surroundings());
  }

  private surroundings(): Surroundings {
    this.returning = [];
    return {
      fetch: (path, init) => this.line.fetch(path, init),
      now: Date.now,
      chance: this.chance,
      isOnline: () => this.online,
      alone: (task) => task(),
      later(ms, task) {
        const timer = setTimeout(task, Math.min(ms / FASTER, LONGEST_PAUSE_MS));
        return () => clearTimeout(timer);
      },
      onReturn: (task) => {
        this.returning.push(task);
        return () => undefined;
      },
    };
  }

  /** The tab is gone, with all that was under way; the disk stays. */
  private async die(): Promise<void> {
    this.engine.kill();
    this.sync.stop();
    await this.open();
  }

  async makeDeck(): Promise<void> {
    const deck = await this.store.edit({ entity: 'deck', op: 'create', fields: { name: '急救' } });
    for (let made = 0; made < this.plan.notes; made += 1) await this.makeNote(deck);
  }

  private async makeNote(deck_id: string): Promise<void> {
    const text = `${this.name} ${this.notes.size}`;
    const fields = { deck_id, kind: 'reverse', fields: { front: text, back: `${text} 答` }, tags: [] } as const;
    this.notes.add(await this.store.edit({ entity: 'note', op: 'create', fields: { ...fields, tags: [] } }));
    this.cards = [];
  }

  async act(): Promise<void> {
    this.done += 1;
    this.comeAndGo();
    await this.tidy();
    if (this.cards.length === 0 || this.chance() < 0.05) {
      this.cards = await this.engine.run('readonly', ['cards'], (tx) => tx.ids('cards'));
      if (this.cards.length === 0) return;
    }
    const event = this.store.prepare(await nextAct(this.store, this.cards, this.chance));
    this.made.set(event.id, event);
    const writing = this.store.record(event).then(
      () => void this.saved.add(event.id),
      (error) => {
        // What was to be taken back may have gone a moment ago, with a card that another phone deleted.
        ifGone(error);
        this.made.delete(event.id);
      },
    );
    if (this.chance() < 0.02) {
      for (let turns = Math.floor(this.chance() * 12); turns > 0; turns -= 1) await turn();
      await this.die();
      return;
    }
    await writing;
    if (this.online && this.chance() < 0.25) await this.sync.run();
  }

  /** Now and then something that is no study: cards are made, changed and deleted, and a wish is changed. */
  private async tidy(): Promise<void> {
    const die = this.chance();
    if (die < 0.012) return this.makeNote(pick(await this.store.decks(), this.chance).id);
    if (die < 0.02) return this.changeNote();
    if (die < 0.023) await this.store.changeLearner({ desired_retention: 0.8 + Math.floor(this.chance() * 15) / 100 });
  }

  private async changeNote(): Promise<void> {
    const notes = await this.engine.run('readonly', ['notes'], (tx) => tx.rows('notes'));
    const { id: entity_id } = pick(
      notes.filter(({ deleted }) => !deleted),
      this.chance,
    );
    const which = { entity: 'note', entity_id } as const;
    const text = { note: `${this.name} ${this.done}` };
    const draft = { ...which, op: 'update', fields: { fields: text } } as const;
    await this.store.edit(this.chance() < 0.5 ? draft : { ...which, op: 'delete' }).catch(ifGone);
    this.cards = [];
  }

  private comeAndGo(): void {
    if (this.online && this.chance() < 0.03) {
      this.online = false;
      this.offlineFor = 3 + Math.floor(this.chance() * 20);
    } else if (!this.online) {
      this.offlineFor -= 1;
      if (this.offlineFor <= 0) this.comeBack();
    }
  }

  private comeBack(): void {
    this.online = true;
    for (const task of this.returning) task();
  }

  async reach(acts: number): Promise<void> {
    while (this.done < acts) await this.act();
  }

  /** Syncs until all is sent and fetched, or trying has no end. */
  async drain(): Promise<void> {
    this.comeBack();
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { phase, unsent } = await this.sync.run();
      if (phase === 'signed-out' || (phase === 'idle' && unsent === 0)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async report(): Promise<PhoneReport> {
    const { device } = await this.store.outbox(1);
    const refused = (await this.store.refused()).map(({ id, problem }) => [id, problem.type]);
    const cards = await this.engine.run('readonly', ['cards'], (tx) => tx.rows('cards'));
    return {
      learner: this.store.learner().id,
      device: device.id,
      made: Object.fromEntries(this.made),
      saved: [...this.saved],
      notes: [...this.notes],
      acked: [...this.line.acked],
      refused: Object.fromEntries(refused) as Record<string, string>,
      unsent: await this.store.unsent(),
      phase: this.sync.status().phase,
      digest: digestText(device.digest),
      heard: this.line.heard,
      cards: Object.fromEntries(cards.map((card) => [card.id, stateOf(card)])),
    };
  }

  stop(): void {
    this.sync.stop();
  }
}

/** Lets pass that another phone has deleted it a moment ago. */
function ifGone(error: unknown): void {
  if (!(error instanceof Gone)) throw error;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
