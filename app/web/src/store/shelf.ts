/** The decks of this device as they stand in levels. */
import { type OptionsInForce, optionsInForce } from '../deck_options';
import { decksAbove, decksBelow, lineOf } from '../levels';
import type { DeckRow, WholeOptions } from '../wire';

export class Shelf {
  /** By deck the nearest that stands above it. */
  readonly above: ReadonlyMap<string, string>;
  private readonly byId: ReadonlyMap<string, DeckRow>;

  constructor(readonly decks: readonly DeckRow[]) {
    this.above = decksAbove(decks);
    this.byId = new Map(decks.map((deck) => [deck.id, deck]));
  }

  /** For each deck itself and all that stand below it. */
  below(): Map<string, string[]> {
    return decksBelow(this.decks, this.above);
  }

  name(deckId: string): string | undefined {
    return this.byId.get(deckId)?.name;
  }

  options(deckId: string, usual: WholeOptions): OptionsInForce {
    return optionsInForce(deckId, (id) => this.byId.get(id)?.options, this.above, usual);
  }

  /** The retention that the deck or one above it says; the learner's own is in the parameters. */
  retention(deckId: string): number | undefined {
    const says = lineOf(deckId, this.above).find((id) => this.byId.get(id)?.options.desired_retention !== undefined);
    return says === undefined ? undefined : this.byId.get(says)?.options.desired_retention;
  }
}

/** The shelf as it stood when it was last needed. */
export class Looked {
  last = new Shelf([]);
  private coming: Promise<Shelf> | null = null;
  /** `last` is how it stands: nothing to wait for. */
  isFresh = false;

  constructor(private readonly read: () => Promise<DeckRow[]>) {}

  look(): Promise<Shelf> {
    if (!this.coming) {
      const coming: Promise<Shelf> = this.read().then(
        (decks) => this.seen(decks, coming),
        (error: unknown) => {
          this.coming = null;
          throw error;
        },
      );
      this.coming = coming;
    }
    return this.coming;
  }

  private seen(decks: DeckRow[], by: Promise<Shelf>): Shelf {
    this.last = new Shelf(decks);
    this.isFresh = this.coming === by;
    return this.last;
  }

  /**
   * Tells what came from elsewhere. What was seen last does until the decks are read again, so that no card waits behind a sync for
   * what rarely changes.
   */
  through(news: () => void): void {
    const wasFresh = this.isFresh;
    news();
    if (!wasFresh) return;
    this.isFresh = true;
    this.look().catch(() => undefined);
  }

  /** Something changed; what is being read now may be older. */
  forget(): void {
    this.coming = null;
    this.isFresh = false;
  }
}
