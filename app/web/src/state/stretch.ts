// How long a sitting goes on: by minutes, which stand still during a break, by cards, or without end.
export interface Length {
  minutes?: number | undefined;
  cards?: number | undefined;
}

export class Stretch {
  private endsAt = Number.POSITIVE_INFINITY;
  private cardsLeft = Number.POSITIVE_INFINITY;
  private stoppedAt: number | null = null;

  constructor(private readonly now: () => number) {}

  /** Begins a stretch of this length. */
  begin({ minutes, cards }: Length): void {
    this.endsAt = minutes ? this.now() + minutes * 60_000 : Number.POSITIVE_INFINITY;
    this.cardsLeft = cards ?? Number.POSITIVE_INFINITY;
  }

  /** A card was answered; -1 when the answer was taken back. */
  count(answers: 1 | -1): void {
    this.cardsLeft -= answers;
  }

  stop(): void {
    this.stoppedAt ??= this.now();
  }

  start(): void {
    if (this.stoppedAt !== null) this.endsAt += this.now() - this.stoppedAt;
    this.stoppedAt = null;
  }

  /** Whole minutes until the end, or null where minutes do not end it. */
  minutesLeft(): number | null {
    const now = this.stoppedAt ?? this.now();
    return Number.isFinite(this.endsAt) ? Math.max(0, Math.ceil((this.endsAt - now) / 60_000)) : null;
  }

  isOver(): boolean {
    return this.now() > this.endsAt || this.cardsLeft <= 0;
  }
}
