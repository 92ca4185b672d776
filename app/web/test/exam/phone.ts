/** A phone before an exam, without a screen: the real store, the real sync and the real exam session, on a clock that is passed in. */
import { cardIdOf } from '../../src/ids';
import { type ExamSitting, startExamSession } from '../../src/state/exam_sitting';
import { flush } from '../../src/state/writer';
import { type LocalStore, openStore } from '../../src/store';
import { dayPlan, EXAM_TABLES, examPlans, liveExams } from '../../src/store/exams';
import { openIndexed } from '../../src/store/indexed';
import type { EditDraft } from '../../src/store/types';
import { type Surroundings, type Sync, startSync } from '../../src/sync';
import type { Rating } from '../../src/wire';
import { Line } from '../chaos/line';
import { chanceOf, randomOf } from '../device';

export interface Opening {
  address: string;
  zone: string;
  seed: number;
  /** Ms UTC. */
  now: number;
}

interface Answer {
  card: string;
  rating: Rating;
  seconds: number;
}

type ExamFields = Extract<EditDraft, { entity: 'exam'; op: 'create' }>['fields'];

export class Phone {
  private readonly line: Line;
  private now: number;
  private online = true;
  private store!: LocalStore;
  private sync!: Sync;
  private sitting: ExamSitting | null = null;

  constructor(private readonly opening: Opening) {
    this.line = new Line(opening.address);
    this.now = opening.now;
    // The stopwatch of a card asks the page's clock.
    performance.now = () => this.now;
  }

  async open(): Promise<object> {
    const { seed, zone } = this.opening;
    const engine = await openIndexed(`exam-${seed}`);
    const now = () => this.now;
    this.store = await openStore({ engine, now, random: randomOf(chanceOf(seed)), zone, channel: null });
    this.sync = startSync(this.store, this.surroundings());
    await this.sync.run();
    return { device: this.store.deviceId, learner: this.store.learner().id, day: this.store.today() };
  }

  private surroundings(): Surroundings {
    return {
      fetch: (path, init) => this.line.fetch(path, init),
      now: () => this.now,
      chance: () => 0.5,
      isOnline: () => this.online,
      alone: (task) => task(),
      // It syncs when it is told to, never by itself.
      later: () => () => undefined,
      onReturn: () => () => undefined,
    };
  }

  async obey(order: Record<string, unknown>): Promise<unknown> {
    if (typeof order.now === 'number') return this.setClock(order.now);
    if (typeof order.online === 'boolean') return this.goOnline(order.online);
    if (order.sync) return this.exchange();
    if (order.deck) return this.makeDeck(order.deck as { name: string; notes: [string, string][] });
    if (order.exam) return this.makeExam(order.exam as ExamFields);
    if (order.begin) return this.begin();
    if (order.answer) return this.answer(order.answer as Answer);
    if (typeof order.more === 'number') return this.addMinutes(order.more);
    if (order.undo) return this.undo();
    if (order.plans) return this.plans();
    throw new Error(`unknown order ${JSON.stringify(order)}`);
  }

  private setClock(now: number): object {
    this.now = now;
    return { now, day: this.store.today() };
  }

  private goOnline(online: boolean): object {
    this.online = online;
    return { online };
  }

  private async exchange(): Promise<object> {
    const { phase, unsent, refused } = await this.sync.run();
    const plan = await this.store.engine.run('readonly', EXAM_TABLES, dayPlan);
    return { phase, unsent, refused, plan: plan?.day ?? null, made_at: plan?.made_at ?? null };
  }

  private async makeDeck({ name, notes }: { name: string; notes: [string, string][] }): Promise<object> {
    const deck = await this.store.edit({ entity: 'deck', op: 'create', fields: { name } });
    const cards: string[] = [];
    for (const [front, back] of notes) {
      const fields = { deck_id: deck, kind: 'basic', fields: { front, back }, tags: [] } as const;
      const note = await this.store.edit({ entity: 'note', op: 'create', fields: { ...fields, tags: [] } });
      cards.push(cardIdOf(note, 0));
    }
    return { deck, cards };
  }

  private async makeExam(fields: ExamFields): Promise<object> {
    return { exam: await this.store.edit({ entity: 'exam', op: 'create', fields }) };
  }

  private async begin(): Promise<object> {
    this.sitting = startExamSession(this.store);
    while (this.sitting.phase.value === 'loading') await turn();
    return this.standing();
  }

  /** The card on screen, null when the session is over, and how the day stands. */
  private standing(): object {
    const sitting = this.running();
    const card = sitting.shown.value?.view.card.id ?? null;
    const { spent, budget, isGreedy, phase } = sitting;
    const reason = card === null ? null : sitting.reasonFor(card);
    return { card, ...reason, phase: phase.value, spent: spent.value, budget: budget.value, greedy: isGreedy.value };
  }

  private running(): ExamSitting {
    if (!this.sitting) throw new Error('no session has begun');
    return this.sitting;
  }

  private async answer({ card, rating, seconds }: Answer): Promise<object> {
    const sitting = this.running();
    const shown = sitting.shown.value;
    if (shown?.view.card.id !== card) throw new Error(`${card} is not on the screen`);
    sitting.reveal();
    while (sitting.shown.value?.side !== 'back') await turn();
    this.now += Math.round(1000 * seconds);
    sitting.rate(rating);
    await flush();
    // The answer is saved; the next card may still be read from the disk.
    for (let turns = 0; turns < 1000 && sitting.shown.value?.side === 'back'; turns += 1) await turn();
    return this.standing();
  }

  private async addMinutes(minutes: number): Promise<object> {
    await this.running().addMinutes(minutes);
    return this.standing();
  }

  private async undo(): Promise<object> {
    await this.running().undo();
    await flush();
    return this.standing();
  }

  private plans(): Promise<object> {
    return this.store.engine.run('readonly', EXAM_TABLES, async (tx) => ({
      exams: await liveExams(tx),
      exam_plans: await examPlans(tx),
      day_plan: await dayPlan(tx),
    }));
  }

  stop(): void {
    this.sync?.stop();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
