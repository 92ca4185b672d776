import { dayStartsAt, learnerDay } from '../day';
import { usualOptions } from '../deck_options';
import { newId, type Random, systemRandom } from '../ids';
import { DEFAULT_PARAMETERS, newest } from '../parameters';
import type { Preview } from '../schedule';
import type { CardRow, Data, DeckRow, LearnerRow, ParametersRow, Problem, SyncAnswer } from '../wire';
import { firstState, readDevice, readMeta, UI, writeDevice, writeMeta } from './device';
import type { Engine, Tx } from './engine';
import type { Folded } from './fold';
import { ACT_TABLES, clearAway, daysStudied, entriesOf, Gone, rememberDays, undoOf } from './journal';
import { Later } from './later';
import type { StoreOptions } from './open';
import { journalOf, live, liveCardsOf, liveDecks, viewOf } from './reads';
import { Looked } from './shelf';
import { standIn } from './stand_in';
import { ALL_TABLES, type DeviceState, type JournalRecord, type OutboxItem } from './tables';
import { countsOf, QUEUE_TABLES, type QueueQuestion, queueOf } from './todays_queue';
import type { EditDraft, EventDraft, LearnerPatch, Moved, PreparedEvent, Recorded, Store, StoreChange } from './types';
import { learnerWith, parametersWith, Wishes } from './wishes';

const LONGEST_LOOK_MS = 60_000;

/** The store; the views see it as `Store`, sync also uses what stands at its end. */
export class LocalStore implements Store {
  private readonly clock: () => number;
  private readonly random: Random;
  /** Comes when the first card is on the screen (`ready`). */
  private readonly acts = new Later(() => import('./acts'));
  /** Comes with the first question for a list: studying does without. */
  private readonly list = new Later(
    async () => new (await import('./catalogue')).Catalogue(this.engine, () => this.today()),
  );
  private readonly channel: BroadcastChannel | null;
  private readonly newOne = () => newId(this.clock(), this.random);
  private readonly listeners = new Set<(change: StoreChange) => void>();
  // What is asked for without waiting; the database holds the same.
  private device: DeviceState = firstState('');
  private versions: ParametersRow[] = [];
  private known: LearnerRow | null = null;
  private readonly wishes = new Wishes();
  /** The learner asked to begin again as a new one. */
  renewing = false;
  private readonly shelf = new Looked(() => this.engine.run('readonly', ['decks'], liveDecks));

  constructor(
    readonly engine: Engine,
    private readonly options: StoreOptions,
  ) {
    this.clock = options.now ?? Date.now;
    this.random = options.random ?? systemRandom;
    this.channel = options.channel ?? null;
    this.channel?.addEventListener('message', ({ data }) => void this.heard(data as StoreChange['what']));
  }

  /** Reads what is asked for without waiting, and makes the device's row on first use. */
  async begin(): Promise<void> {
    await this.reload();
    if (this.device.id === '') {
      await this.engine.run('readwrite', ['meta'], async (tx) => {
        if (!(await readDevice(tx))) await writeDevice(tx, firstState(this.newOne()));
      });
      await this.reload();
    }
    await clearAway(this.engine, this.today());
  }

  private async reload(): Promise<void> {
    await this.engine.run('readonly', ['meta', 'parameters'], async (tx) => {
      this.device = (await readDevice(tx)) ?? this.device;
      this.known = (await readMeta(tx, 'learner')) as LearnerRow | null;
      await this.wishes.read(tx);
      this.versions = await tx.rows('parameters');
      this.renewing = (await readMeta(tx, 'renewal')) === true;
    });
  }

  async ready(): Promise<void> {
    await this.acts.get();
  }

  get persistence(): 'disk' | 'memory' {
    return this.engine.persistence;
  }

  get deviceId(): string {
    return this.device.id;
  }

  now(): number {
    return this.clock() - this.device.clock_offset_ms;
  }

  today(): number {
    const { zone, rollover_hour } = this.learner();
    return learnerDay(this.now(), zone, rollover_hour);
  }

  rollsOverAt(): number {
    const { zone, rollover_hour } = this.learner();
    return dayStartsAt(this.today() + 1, zone, rollover_hour);
  }

  learner(): LearnerRow {
    return learnerWith(this.known ?? standIn(this.options.zone), this.wishes.now);
  }

  /** With the learner's own wishes on top, also those that the server has not heard of. */
  parameters(): ParametersRow {
    return parametersWith(this.inForce(), this.wishes.now);
  }

  // Wishes count from the moment that the server gives them a version: replay there must come to the same days.
  private inForce(): ParametersRow {
    return this.versions.length > 0 ? newest(this.versions) : DEFAULT_PARAMETERS;
  }

  private how() {
    return { deviceId: this.device.id, parameters: this.inForce() };
  }

  async changeLearner(patch: LearnerPatch): Promise<void> {
    await this.wishes.add(this.engine, patch);
    this.tell('learner');
  }

  prepare(draft: EventDraft): PreparedEvent {
    const at = this.clock();
    return {
      id: newId(at, this.random),
      card_id: draft.card_id,
      kind: draft.kind,
      rating: draft.rating ?? null,
      at,
      clock_offset_ms: this.device.clock_offset_ms,
      day: this.today(),
      duration_ms: Math.round(Math.min(Math.max(draft.duration_ms ?? 0, 0), LONGEST_LOOK_MS)),
      data: draft.data ?? {},
    };
  }

  async record(event: PreparedEvent): Promise<Recorded> {
    // Without a wait once it is there: the transaction begins within the tap.
    const { saveEvent } = this.acts.now ?? (await this.acts.get());
    if (!this.shelf.isFresh) await this.shelf.look();
    const recorded = await this.engine.run('readwrite', ACT_TABLES, (tx) =>
      saveEvent(tx, event, this.how(), this.shelf.last),
    );
    this.tell('cards', [event.card_id]);
    return recorded;
  }

  async lastUndoable(): Promise<JournalRecord | null> {
    const entries = await this.journal(this.today());
    return entries.findLast(({ event, undone }) => !undone && event.kind !== 'undo') ?? null;
  }

  async undo(eventId: string): Promise<Recorded> {
    const target = await this.engine.run('readonly', ['journal'], async (tx) => {
      const entry = await tx.get('journal', eventId);
      return entry && { ...entry, by: await undoOf(tx, entry) };
    });
    if (!target) throw new Gone(eventId);
    const event = target.by?.event ?? this.prepare({ card_id: target.card_id, kind: 'undo', data: { event: eventId } });
    return this.record(event);
  }

  journal(day: number): Promise<JournalRecord[]> {
    return this.engine.run('readonly', ['journal'], (tx) => journalOf(tx, day));
  }

  async history(cardId: string): Promise<JournalRecord[]> {
    const entries = await this.engine.run('readonly', ['journal'], (tx) => entriesOf(tx, cardId));
    return entries.reverse();
  }

  daysStudied() {
    return this.engine.run('readonly', ['journal', 'meta'], daysStudied);
  }

  rememberDays(days: readonly number[]) {
    return this.engine.run('readwrite', ['meta'], (tx) => rememberDays(tx, days));
  }

  async summary(day: number) {
    const { summaryOf } = await import('./looks');
    return this.engine.run('readonly', QUEUE_TABLES, (tx) => summaryOf(tx, day));
  }

  decks() {
    return this.engine.run('readonly', ['decks'], liveDecks);
  }

  deck(id: string) {
    return this.engine.run('readonly', ['decks'], (tx) => live(tx, 'decks', id));
  }

  note(id: string) {
    return this.engine.run('readonly', ['notes'], (tx) => live(tx, 'notes', id));
  }

  card(id: string): Promise<CardRow | null> {
    return this.engine.run('readonly', ['cards'], (tx) => live(tx, 'cards', id));
  }

  async view(cardId: string) {
    if (!this.shelf.isFresh) await this.shelf.look();
    return this.engine.run('readonly', ['cards', 'notes', 'decks'], (tx) => viewOf(tx, cardId));
  }

  cardsOfNote(noteId: string) {
    return this.engine.run('readonly', ['cards'], (tx) => liveCardsOf(tx, noteId));
  }

  catalogue() {
    return this.list.get();
  }

  optionsOf({ id }: DeckRow) {
    return this.shelf.last.options(id, usualOptions(this.learner().settings, this.parameters().desired_retention));
  }

  private question(more: Partial<QueueQuestion> = {}): QueueQuestion {
    const { settings } = this.learner();
    const day = this.today();
    const recall = (card: CardRow) => this.acts.now?.retrievability(card, day, this.inForce()) ?? null;
    const usual = usualOptions(settings, this.inForce().desired_retention);
    return { day, now: this.now(), settings, usual, recall, ...more };
  }

  async queue(deckId?: string, more = 0) {
    const question = this.question({ deckId, more });
    const ordered = deckId && (await this.shelf.look()).options(deckId, question.usual).review_order.value;
    if (ordered === 'retrievability' || question.settings.catch_up) await this.ready();
    const queue = await this.engine.run('readonly', QUEUE_TABLES, (tx) => queueOf(tx, question));
    return { day: question.day, ...queue };
  }

  counts() {
    const question = this.question();
    return this.engine.run('readonly', QUEUE_TABLES, (tx) => countsOf(tx, question));
  }

  async forecast(from: number, to: number) {
    const { forecastOf } = await import('./looks');
    return this.engine.run('readonly', QUEUE_TABLES, (tx) => forecastOf(tx, from, to));
  }

  previews(card: CardRow, deck: DeckRow): Preview[] {
    const parameters = this.inForce();
    const retention = this.shelf.last.retention(deck.id) ?? parameters.desired_retention;
    return this.acts.now?.previews(card.id, card, this.now(), this.today(), parameters, retention) ?? [];
  }

  async edit(draft: EditDraft): Promise<string> {
    const { EDIT_TABLES, editOf, saveEdit } = await import('./edits');
    const edit = editOf(draft, this.newOne(), this.newOne(), this.now());
    await this.engine.run('readwrite', EDIT_TABLES, (tx) => saveEdit(tx, edit));
    this.tell('content', edit.entity === 'note' ? [edit.entity_id] : undefined);
    return edit.entity_id;
  }

  async editAll(drafts: readonly EditDraft[], done?: (count: number) => void): Promise<void> {
    const { saveEdits } = await import('./many');
    const moment = { newId: this.newOne, now: this.now() };
    this.tell('content', await saveEdits(this.engine, drafts, moment, done));
  }

  async recordAll(events: readonly PreparedEvent[], done?: (count: number) => void): Promise<void> {
    const { saveEvents } = await import('./many');
    if (!this.shelf.isFresh) await this.shelf.look();
    this.tell('cards', await saveEvents(this.engine, events, this.how(), this.shelf.last, done));
  }

  unsent() {
    return this.engine.run('readonly', ['outbox'], (tx) => tx.count('outbox'));
  }

  refused() {
    return this.engine.run('readonly', ['refused'], (tx) => tx.rows('refused'));
  }

  async dismissRefused(...ids: string[]): Promise<void> {
    await this.engine.run('readwrite', ['refused'], (tx) => Promise.all(ids.map((id) => tx.delete('refused', id))));
    this.tell('outbox');
  }

  async adopt(learner: LearnerRow): Promise<void> {
    const { changeOwner } = await import('./owner');
    await this.anew((tx) => changeOwner(tx, learner));
  }

  async handOver(learner: LearnerRow, moved: Moved | null, apart: Problem): Promise<void> {
    const { handOver } = await import('./owner');
    await this.anew((tx) => handOver(tx, learner, moved, apart, this.clock()));
  }

  async wantRenewal(): Promise<void> {
    await this.anew((tx) => tx.put('meta', { name: 'renewal', value: true }));
  }

  remember(key: string, value: Data[string]): Promise<void> {
    return this.engine.run('parting', ['meta'], (tx) => writeMeta(tx, UI + key, value));
  }

  recall(key: string): Promise<Data[string]> {
    return this.engine.run('readonly', ['meta'], (tx) => readMeta<Data[string]>(tx, UI + key));
  }

  subscribe(listener: (change: StoreChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async wipe(evenUnsent = false): Promise<void> {
    const { empty } = await import('./owner');
    await this.anew((tx) => empty(tx, evenUnsent, this.newOne()));
  }

  close(): void {
    this.channel?.close();
    this.engine.close();
  }

  /** Everything may be another's afterwards. */
  private async anew(change: (tx: Tx) => Promise<void>): Promise<void> {
    await this.engine.run('readwrite', ALL_TABLES, change);
    await this.reload();
    this.tell('all');
  }

  private tell(what: StoreChange['what'], ids?: readonly string[]): void {
    this.channel?.postMessage(what);
    this.announce({ what, elsewhere: false, ids });
  }

  private async heard(what: StoreChange['what']): Promise<void> {
    await this.reload();
    this.announce({ what, elsewhere: true });
  }

  private announce(change: StoreChange): void {
    if (change.what !== 'learner' && change.what !== 'outbox') this.list.now?.changed(change.ids);
    if (change.what === 'content' || change.what === 'all') this.shelf.forget();
    for (const listener of this.listeners) listener(change);
  }

  // --- for sync ----------------------------------------------------------------------------------------------------

  /** The oldest unsent items, and where the last fetch ended. */
  outbox(limit: number): Promise<{ items: OutboxItem[]; device: DeviceState }> {
    return this.engine.run('readonly', ['outbox', 'meta'], async (tx) => {
      const items = await tx.rows('outbox', { limit });
      return { items, device: (await readDevice(tx)) ?? this.device };
    });
  }

  /** Takes an answer of the server in; `offset` is the device's clock minus the server's, ms. */
  async absorb(answer: SyncAnswer, offset: number): Promise<Folded> {
    const { absorb, changedIds, hasChanges } = await import('./fold');
    const folded = await this.engine.run('readwrite', ALL_TABLES, (tx) =>
      absorb(tx, answer, this.how(), this.clock(), offset),
    );
    await this.reload();
    this.shelf.through(() => this.tell(hasChanges(answer) ? 'all' : 'outbox', changedIds(answer)));
    return folded;
  }

  /** Puts items that the server will never take into the refused list, and takes back what they did here. */
  async refuse(ids: readonly string[], problem: Problem): Promise<void> {
    const { refusal } = await import('./fold');
    const { cursor, clock_offset_ms } = this.device;
    await this.absorb(refusal(ids, problem, cursor), clock_offset_ms);
  }

  /** Begins again as `learner`, whom the server has just made: all that is here is unsent from now on. */
  async renew(learner: LearnerRow): Promise<void> {
    const { renew } = await import('./renew');
    const at = this.clock();
    const moment = { at, offset: this.device.clock_offset_ms, day: this.today(), newId: this.newOne };
    await this.anew((tx) => renew(tx, learner, moment));
  }

  /** Wishes that the server has not heard of. */
  unsentPatch(): LearnerPatch | null {
    return Object.keys(this.wishes.now).length > 0 ? this.wishes.now : null;
  }

  /** The server has heard these wishes (or refused them); later ones stay. */
  async settlePatch(sent: LearnerPatch, learner: LearnerRow | null): Promise<void> {
    const { settleWishes } = await import('./owner');
    await this.engine.run('readwrite', ['meta'], (tx) => settleWishes(tx, sent, learner));
    await this.reload();
    this.tell('learner');
  }
}
