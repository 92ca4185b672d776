// One sitting of study. Every act changes the screen first; the write follows in the background (writer.ts).
import { batch, computed, signal } from '@preact/signals';
import { nextCard } from '../queue';
import type { Preview } from '../schedule';
import {
  type CardView,
  type EventDraft,
  Gone,
  type JournalEntry,
  type Recorded,
  type Store,
  type StudyQueue,
} from '../store';
import { leftIn } from '../store/todays_queue';
import type { CardRow, Data, Rating } from '../wire';
import { painted } from './frame';
import { inLine, type Line, moved, restored, soon, without } from './line';
import { type Place, placeNow, placeOf } from './place';
import type { Act, Phase, Session, SessionOptions, Shown, Side } from './session';
import { stopwatch } from './stopwatch';
import { Stretch } from './stretch';
import { flush, trouble, write } from './writer';

const AHEAD = 4;

/** A sitting over the queue of due cards; another order of cards overrides `queue`, `moveOn` and `moveBack`. */
export class Sitting implements Session {
  readonly phase = signal<Phase>('loading');
  readonly shown = signal<Shown | null>(null);
  readonly lastAct = signal<Act | null>(null);
  readonly nextAt = signal<number | null>(null);
  readonly day = signal(0);
  readonly watch = stopwatch(() => performance.now());
  /** Where its place is kept over a reload. */
  protected readonly kept: string = 'study';
  protected readonly line = signal<Line>({ now: [], later: [], left: { new: 0, learning: 0, review: 0 } });
  readonly left = computed(() => this.line.value.left);
  private readonly able = signal(false);
  readonly previews = computed(() => this.previewsOf(this.shown.value));
  protected readonly ahead = new Map<string, CardView>();
  private acts: Act[] = [];
  /** Acts and undos of this sitting so far. */
  private done = 0;
  private more = 0;
  readonly paused = signal(false);
  private readonly stretch = new Stretch(() => performance.now());

  constructor(
    protected readonly store: Store,
    private readonly options: SessionOptions,
  ) {
    this.stretch.begin(this.options);
  }

  async begin(): Promise<void> {
    try {
      await flush();
      const [kept, last] = await Promise.all([this.store.recall(this.kept), this.store.lastUndoable()]);
      this.lastAct.value = last && actOf(last);
      const place = placeOf(kept);
      if (place?.side === 'back') await this.prepare();
      await this.build(0, place ?? undefined);
      await this.prepare();
    } catch {
      this.phase.value = 'failed';
    }
  }

  /** What answering needs comes after the first card is on the screen. */
  private async prepare(): Promise<void> {
    await this.store.ready();
    this.able.value = true;
  }

  minutesLeft(): number | null {
    return this.stretch.minutesLeft();
  }

  goOn(): Promise<void> {
    this.stretch.begin(this.options);
    return this.rebuild();
  }

  pause(): void {
    this.paused.value = true;
    this.stop();
  }

  resume(): void {
    this.paused.value = false;
    this.start();
  }

  away(hidden: boolean): void {
    if (hidden) this.stop();
    else if (!this.paused.peek()) this.start();
  }

  private stop(): void {
    this.stretch.stop();
    this.watch.pause();
  }

  private start(): void {
    this.stretch.start();
    this.watch.resume();
  }

  async rebuild(more = 0): Promise<void> {
    try {
      await this.build(more);
      await this.followUndo();
    } catch {
      this.phase.value = 'failed';
    }
  }

  protected async build(more = 0, place?: Place): Promise<void> {
    if (more > 0) this.stretch.begin({});
    this.more += more;
    const queue = await this.freshQueue();
    const kept = place ?? placeNow(this.shown.peek());
    const line: Line = { now: queue.now, later: queue.later, left: leftIn(queue) };
    this.day.value = queue.day;
    this.ahead.clear();
    if (kept && inLine(line, kept.card)) {
      const rest = without(line, kept.card);
      this.line.value = { ...rest, now: [kept.card, ...rest.now] };
      return this.stay(kept);
    }
    this.line.value = line;
    return this.advance();
  }

  protected queue(): Promise<StudyQueue> {
    return this.store.queue(this.options.deckId, this.more);
  }

  /** A queue that knows every act: one made while it was read sends us back to read again. */
  private async freshQueue(): Promise<StudyQueue> {
    for (;;) {
      await flush();
      const before = this.done;
      const queue = await this.queue();
      if (before === this.done) return queue;
    }
  }

  /** The same card in a new line: nothing moves on the screen, unless it was not there yet. */
  private async stay(place: Place): Promise<void> {
    const view = await this.fetched(place.card);
    if (!view) return this.dropped(place.card);
    const shown = this.shown.peek();
    if (shown?.view.card.id !== place.card) return this.show(place.card, place.side, true);
    this.shown.value = { ...shown, view };
    await this.fetchSoon();
  }

  /** The card was deleted meanwhile: without it, the one after it. */
  protected dropped(id: string): Promise<void> {
    this.line.value = without(this.line.peek(), id);
    return this.advance();
  }

  protected async advance(): Promise<void> {
    const id = this.stretch.isOver() ? null : nextCard(this.line.peek(), this.store.now());
    if (id === null || this.ahead.has(id)) {
      // In the same frame as the tap: everything needed is in memory.
      this.carefully(this.show(id, 'front', true));
    } else if (await this.fetched(id)) {
      await this.show(id, 'front', true);
    } else {
      await this.dropped(id);
    }
  }

  private async show(id: string | null, side: Side, fresh: boolean): Promise<void> {
    const view = id === null ? undefined : this.ahead.get(id);
    batch(() => {
      this.shown.value = view ? { view, side, since: performance.now() } : null;
      this.phase.value = view ? 'asking' : 'done';
      this.nextAt.value = view ? null : (this.line.peek().later[0]?.due_at ?? null);
    });
    if (fresh) this.watch.start();
    // Each question to the database costs a share of the frame that shows the card; none of these is needed for it.
    await painted();
    this.keepPlace();
    await this.fetchSoon();
  }

  private async fetchSoon(): Promise<void> {
    // One that cannot be read now is read again when its turn comes.
    await Promise.allSettled(soon(this.line.peek(), AHEAD).map((each) => this.fetched(each)));
  }

  /** A database that cannot be read any more is said so on the screen; what was answered is with the writer. */
  private carefully(task: Promise<void>): void {
    task.catch(() => {
      this.phase.value = 'failed';
    });
  }

  protected async fetched(id: string): Promise<CardView | null> {
    const known = this.ahead.get(id);
    if (known) return known;
    const view = await this.store.view(id);
    if (view) this.ahead.set(id, view);
    return view;
  }

  private keepPlace(): void {
    const place = placeNow(this.shown.peek());
    void this.store.remember(this.kept, place && { ...place }).catch(() => undefined);
  }

  private previewsOf(shown: Shown | null): readonly Preview[] {
    return shown && this.able.value ? this.store.previews(shown.view.card, shown.view.deck) : [];
  }

  reveal(): void {
    const shown = this.shown.peek();
    if (shown?.side !== 'front') return;
    if (!this.able.peek()) {
      this.carefully(this.prepare().then(() => this.reveal()));
      return;
    }
    this.shown.value = { ...shown, side: 'back' };
    void painted().then(() => this.keepPlace());
  }

  rate(rating: Rating): void {
    const shown = this.shown.peek();
    if (shown?.side !== 'back') return;
    this.stretch.count(1);
    const preview = this.previews.peek().find((each) => each.rating === rating);
    const draft: EventDraft = {
      card_id: shown.view.card.id,
      kind: 'answer',
      rating,
      duration_ms: this.watch.elapsed(),
      data: this.dataOf(shown.view.card),
    };
    this.leave(shown.view, draft, preview?.due_at ?? null);
  }

  /** What the log should know of an answer beyond the rating. */
  protected dataOf(_card: CardRow): Data {
    return {};
  }

  putAway(kind: 'suspend' | 'bury'): void {
    const view = this.shown.peek()?.view;
    if (!view) return;
    const data = kind === 'bury' ? { until: this.store.today() + 1 } : {};
    this.leave(view, { card_id: view.card.id, kind, data }, null);
  }

  private leave(view: CardView, draft: EventDraft, dueAt: number | null): void {
    this.moveOn(this.did(draft, view, dueAt), view);
    this.carefully(this.advance());
  }

  /** The line after an act. */
  protected moveOn({ dueAt }: Act, { card }: CardView): void {
    this.line.value = moved(this.line.peek(), card, dueAt);
  }

  /** The line as before an act that was taken back. */
  protected moveBack({ dueAt }: Act, { card }: CardView): void {
    this.line.value = restored(this.line.peek(), card, dueAt);
  }

  flag(flag: number): void {
    const shown = this.shown.peek();
    if (!shown) return;
    this.did({ card_id: shown.view.card.id, kind: 'flag', data: { flag } }, shown.view, null);
    this.shown.value = { ...shown, view: { ...shown.view, card: { ...shown.view.card, flag } } };
  }

  private did(draft: EventDraft, before: CardView, dueAt: number | null): Act {
    const event = this.store.prepare(draft);
    const { id: eventId, kind, rating, card_id: cardId, duration_ms: ms } = event;
    const act = { kind, rating, eventId, cardId, before, dueAt, ms };
    this.done++;
    this.acts = [...this.acts, act];
    this.lastAct.value = act;
    write(async () => this.changed((await this.store.record(event)).card));
    return act;
  }

  /** The database's word on a card: later previews start from it. */
  private changed(card: CardRow): void {
    const known = this.ahead.get(card.id);
    if (known) this.ahead.set(card.id, { ...known, card });
    const shown = this.shown.peek();
    if (shown?.view.card.id === card.id) this.shown.value = { ...shown, view: { ...shown.view, card } };
  }

  async undo(): Promise<Act | null> {
    const act = this.lastAct.peek();
    if (!act) return null;
    this.done++;
    this.acts = this.acts.filter((each) => each !== act);
    if (act.kind === 'answer' && act.before) this.stretch.count(-1);
    const taken = this.store.undo.bind(this.store, act.eventId);
    if (!act.before) {
      await this.undoEarlier(act, taken);
      return act;
    }
    this.lastAct.value = this.acts.at(-1) ?? null;
    this.bringBack(act, act.before);
    write(() => this.takeBack(taken));
    if (!this.lastAct.peek()) write(() => this.findLastAct());
    return act;
  }

  /** What can no longer be taken back stands: the line is built anew from what is saved, and the writer says so. */
  private async takeBack(taken: () => Promise<Recorded>): Promise<void> {
    try {
      this.changed((await taken()).card);
    } catch (error) {
      if (error instanceof Gone) void this.rebuild();
      throw error;
    }
  }

  private bringBack(act: Act, before: CardView): void {
    const shown = this.shown.peek();
    const here = shown?.view.card.id === act.cardId && act.kind === 'flag';
    if (act.kind !== 'flag') this.moveBack(act, before);
    this.ahead.set(act.cardId, before);
    if (here) this.shown.value = { ...shown, view: before };
    else this.carefully(this.show(act.cardId, 'back', true));
  }

  /** An act of an earlier sitting of today: the database says where its card belongs. */
  private async undoEarlier(act: Act, taken: () => Promise<unknown>): Promise<void> {
    this.lastAct.value = null;
    write(taken);
    await this.build(0, { card: act.cardId, side: 'back' });
    await this.findLastAct();
  }

  private async findLastAct(): Promise<void> {
    const last = await this.store.lastUndoable();
    if (this.acts.length === 0) this.lastAct.value = last && actOf(last);
  }

  /** What undo takes back next: another tab may have answered, or taken back what was answered here. */
  private async followUndo(): Promise<void> {
    const before = this.done;
    await flush();
    const last = await this.store.lastUndoable();
    // A tap meanwhile, or one that could not be written yet, knows better.
    if (before !== this.done || trouble.peek()) return;
    this.acts = this.acts.slice(0, this.acts.findIndex(({ eventId }) => eventId === last?.id) + 1);
    this.lastAct.value = this.acts.at(-1) ?? (last && actOf(last));
  }

  async refresh(): Promise<void> {
    const shown = this.shown.peek();
    if (!shown) return;
    this.ahead.delete(shown.view.card.id);
    const view = await this.fetched(shown.view.card.id);
    if (view) this.shown.value = { ...shown, view };
    else await this.dropped(shown.view.card.id);
  }
}

function actOf(entry: JournalEntry): Act {
  const { id, event } = entry;
  const { kind, rating, card_id: cardId, duration_ms: ms } = event;
  return { kind, rating, eventId: id, cardId, before: null, dueAt: null, ms };
}
