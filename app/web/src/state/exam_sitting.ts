// A sitting before an exam: the plan says which card comes, learning steps play no part, and the day's minutes end it.
import { signal } from '@preact/signals';
import { sharedMinutes } from '../exam/scope';
import type { Standing, Why } from '../exam/session';
import { startToday, type Today } from '../exam/today';
import type { CardView, Store, StudyQueue } from '../store';
import { EXAM_TABLES, knownOf, spentOn } from '../store/exams';
import type { CardRow, Data } from '../wire';
import type { Line } from './line';
import type { Place } from './place';
import type { Act } from './session';
import { Sitting } from './sitting';

const EXTRA = 'exam-extra';
const AHEAD = 5;
/** A card, and others of its note, come back after so many others at the soonest, while others pay. */
const REST = 5;

/** Why the card on screen comes now. */
export interface Reason {
  why: Why;
  /** Null for a new card. */
  recall: number | null;
}

interface Done {
  row: number;
  before: Standing;
  seconds: number;
}

export class ExamSitting extends Sitting {
  protected override readonly kept = 'exam-study';
  /** Seconds of today: used, and there are. */
  readonly spent = signal(0);
  readonly budget = signal(0);
  readonly isGreedy = signal(false);
  private plan_: Today | null = null;
  private readonly rows = new Map<string, number>();
  private readonly notes = new Map<string, string>();
  private readonly done_ = new Map<string, Done>();
  private recent: string[] = [];
  private wanted: string | null = null;

  constructor(store: Store) {
    super(store, {});
  }

  /** What today's session is made of; null before it has been read. */
  get plan(): Today | null {
    return this.plan_;
  }

  reasonFor(cardId: string): Reason | null {
    const row = this.rows.get(cardId);
    if (row === undefined || !this.plan_) return null;
    const { session } = this.plan_;
    return { why: session.why(row), recall: session.recall(row) };
  }

  /** More minutes for today; they count until the day is over. */
  async addMinutes(minutes: number): Promise<void> {
    const day = this.store.today();
    const extra = (await extraMinutes(this.store, day)) + minutes;
    await this.store.remember(EXTRA, { day, minutes: extra });
    await this.rebuild();
  }

  protected override build(more?: number, place?: Place): Promise<void> {
    this.wanted = place?.card ?? this.shown.peek()?.view.card.id ?? null;
    return super.build(more, place);
  }

  protected override async queue(): Promise<StudyQueue> {
    const { store } = this;
    const day = store.today();
    const read = await store.engine.run('readonly', EXAM_TABLES, async (tx) => ({
      known: await knownOf(tx, day, store.parameters()),
      spent: await spentOn(tx, day),
    }));
    const minutes =
      sharedMinutes(read.known.running, day, store.learner().settings.breaks) + (await extraMinutes(store, day));
    const today = startToday(read.known, 60 * minutes);
    today.session.spent = read.spent;
    this.take(today);
    const { now, later } = this.lineNow(this.wanted);
    return { day, now: [...now], later: [...later], counts: new Map() };
  }

  private take(today: Today): void {
    this.plan_ = today;
    this.rows.clear();
    today.cards.forEach((id, row) => {
      if (id) this.rows.set(id, row);
    });
    this.isGreedy.value = today.isGreedy;
    this.told();
  }

  private told(): void {
    const session = this.plan_?.session;
    this.spent.value = session?.spent ?? 0;
    this.budget.value = session?.seconds ?? 0;
  }

  /** The card to come, and those that may follow it, to be fetched ahead. */
  private lineNow(first: string | null = null): Line {
    const none = { new: 0, learning: 0, review: 0 };
    if (!this.plan_) return { now: [], later: [], left: none };
    const { session, cards } = this.plan_;
    const rests = (row: number) => this.isResting(cards[row] ?? '');
    const wanted = first === null ? undefined : this.rows.get(first);
    const isKept = wanted !== undefined && session.scoreOf(wanted) > 0 && session.pick() !== null;
    const row = isKept ? wanted : session.pick(rests);
    if (row === null) return { now: [], later: [], left: none };
    const ahead = session.next(AHEAD + REST).filter((each) => each !== row && !rests(each));
    const now = [row, ...ahead.slice(0, AHEAD)].flatMap((each) => cards[each] || []);
    return { now, later: [], left: none };
  }

  private isResting(cardId: string): boolean {
    const note = this.notes.get(cardId);
    return this.recent.some((each) => each === cardId || (note !== undefined && this.notes.get(each) === note));
  }

  protected override async fetched(id: string): Promise<CardView | null> {
    const view = await super.fetched(id);
    if (!view) return null;
    this.notes.set(id, view.note.id);
    const { suspended, buried_until } = view.card;
    if (!suspended && (buried_until === null || buried_until <= this.store.today())) return view;
    this.ahead.delete(id);
    return null;
  }

  protected override dropped(id: string): Promise<void> {
    const row = this.rows.get(id);
    if (row !== undefined) this.plan_?.session.remove(row);
    this.line.value = this.lineNow();
    return this.advance();
  }

  protected override dataOf({ id }: CardRow): Data {
    const exam = this.plan_?.exams[this.rows.get(id) ?? -1];
    return exam ? { exam } : {};
  }

  protected override moveOn(act: Act, { card }: CardView): void {
    const row = this.rows.get(card.id);
    const session = this.plan_?.session;
    if (row !== undefined && session) {
      const seconds = act.kind === 'answer' ? act.ms / 1000 : 0;
      this.done_.set(act.eventId, { row, before: { ...session.standing(row) }, seconds });
      if (act.rating !== null) session.answered(row, act.rating, seconds);
      else session.remove(row);
    }
    this.recent = [...this.recent, card.id].slice(-REST);
    this.line.value = this.lineNow();
    this.told();
  }

  protected override moveBack(act: Act, { card }: CardView): void {
    const done = this.done_.get(act.eventId);
    if (done) this.plan_?.session.takeBack(done.row, done.before, done.seconds);
    this.done_.delete(act.eventId);
    this.recent = this.recent.filter((id) => id !== card.id);
    const line = this.lineNow();
    this.line.value = { ...line, now: [card.id, ...line.now.filter((id) => id !== card.id)] };
    this.told();
  }
}

/** Minutes that the learner has added to a day. */
export async function extraMinutes(store: Store, day: number): Promise<number> {
  const kept = (await store.recall(EXTRA)) as { day?: number; minutes?: number } | null;
  return kept?.day === day ? (kept.minutes ?? 0) : 0;
}

export function startExamSession(store: Store): ExamSitting {
  const sitting = new ExamSitting(store);
  void sitting.begin();
  return sitting;
}
