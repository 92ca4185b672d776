/** Today's session before an exam: always the card with the highest gain per second; an answer changes only its own card. */
import type { Rating } from '../wire';
import type { Memory, Trace } from './memory';
import type { Costs, DayScores } from './tables';

/** Gain per second below which study no longer pays. */
const NOTHING = 1e-7;
/** The last card may run over the time by this share of it. */
const OVERRUN = 0.02;
/** Between new cards of equal worth the order of the deck decides. */
const ORDER = 1e-10;

/** A card as the session sees it. Days are counted from today: 0 today, -1 yesterday; null for a card never seen. */
export interface Standing extends Trace {
  last: number | null;
  answersToday: number;
  /** Place of its scores; null for a card that gets no time. */
  group: number | null;
  /** What the learner's marks made since the plan multiply its gain by. */
  boost?: number;
}

export interface Rules {
  memory: Memory;
  costs: Costs;
  answersADay: number;
  /** Scores by group. */
  scores: readonly DayScores[];
}

export type Why = 'new' | 'review' | 'repeat';

export class ExamSession {
  private readonly score: Float64Array;
  private readonly cards: Standing[];
  /** Seconds used so far. */
  spent = 0;

  constructor(
    private readonly rules: Rules,
    cards: readonly Standing[],
    /** Seconds there are. */
    public seconds: number,
  ) {
    this.cards = cards.map((card) => ({ ...card }));
    this.score = Float64Array.from(this.cards, (_, row) => this.scored(row));
  }

  private scored(row: number): number {
    const gain = this.gain(row) * (this.at(row).boost ?? 1);
    return gain > NOTHING ? gain : Number.NEGATIVE_INFINITY;
  }

  private gain(row: number): number {
    const card = this.at(row);
    const scores = card.group === null ? undefined : this.rules.scores[card.group];
    if (!scores) return 0;
    if (card.last === null) return scores.fresh - ORDER * row;
    if (card.last < 0) return scores.review(card.stability, card.difficulty, -card.last);
    if (card.answersToday >= this.rules.answersADay) return 0;
    return scores.repeat(card.stability, card.difficulty);
  }

  private at(row: number): Standing {
    const card = this.cards[row];
    if (!card) throw new RangeError(`no card in row ${row}`);
    return card;
  }

  standing(row: number): Readonly<Standing> {
    return this.at(row);
  }

  /** Gain per second of a card, -Infinity when it is not offered. */
  scoreOf(row: number): number {
    return this.score[row] ?? Number.NEGATIVE_INFINITY;
  }

  why(row: number): Why {
    const { last } = this.at(row);
    if (last === null) return 'new';
    return last < 0 ? 'review' : 'repeat';
  }

  /** The chance of recalling a card now; null for a new one. */
  recall(row: number): number | null {
    const { last, stability } = this.at(row);
    return last === null ? null : this.rules.memory.recall(-last, stability);
  }

  /** What the next answer to a card will probably take, in seconds. */
  expectedSeconds(row: number): number {
    const { new: fresh, passed, failed } = this.rules.costs;
    const recall = this.recall(row);
    return recall === null ? fresh : recall * passed + (1 - recall) * failed;
  }

  /**
   * The card to show now, or null when nothing pays or nothing fits in the time left. Cards that `rests` names come only when no other
   * does.
   */
  pick(rests: (row: number) => boolean = () => false): number | null {
    const left = this.seconds * (1 + OVERRUN) - this.spent;
    const { new: fresh, passed } = this.rules.costs;
    const best = this.best((row) => !rests(row)) ?? this.best(() => true);
    if (best === null || this.expectedSeconds(best) <= left) return best;
    if (left < Math.min(passed, fresh)) return null;
    const fits = (row: number) => this.expectedSeconds(row) <= left;
    return this.best((row) => fits(row) && !rests(row)) ?? this.best(fits);
  }

  /** The cards that would probably come next, best first. */
  next(count: number): number[] {
    const rows: number[] = [];
    while (rows.length < count) {
      const row = this.best((each) => !rows.includes(each));
      if (row === null) break;
      rows.push(row);
    }
    return rows;
  }

  private best(allowed: (row: number) => boolean): number | null {
    let best: number | null = null;
    let most = Number.NEGATIVE_INFINITY;
    this.score.forEach((score, row) => {
      if (score > most && allowed(row)) {
        most = score;
        best = row;
      }
    });
    return best;
  }

  /** What the best cards would bring in so many seconds more, in weighted cards. */
  gainOf(seconds: number): number {
    const paying = [...this.score.keys()].filter((row) => this.scoreOf(row) > 0);
    paying.sort((a, b) => this.scoreOf(b) - this.scoreOf(a));
    let left = seconds;
    let gain = 0;
    for (const row of paying) {
      const took = Math.min(this.expectedSeconds(row), left);
      gain += took * this.scoreOf(row);
      left -= took;
      if (left <= 0) break;
    }
    return gain;
  }

  /** The card is not to be shown: it was suspended, buried or deleted meanwhile. */
  remove(row: number): void {
    this.put(row, { ...this.at(row), group: null });
  }

  /** The learner wants to go on for longer. */
  extend(seconds: number): void {
    this.seconds += seconds;
  }

  /** Takes in an answer: its time, the card's new state, the card's new score. */
  answered(row: number, grade: Rating, seconds: number): void {
    this.spent += seconds;
    this.put(row, after(this.at(row), grade, this.rules.memory));
  }

  /** Puts a card as it stood before an answer that was taken back, and gives its seconds back. */
  takeBack(row: number, before: Standing, seconds: number): void {
    this.spent = Math.max(0, this.spent - seconds);
    this.put(row, before);
  }

  private put(row: number, card: Standing): void {
    this.cards[row] = { ...card };
    this.score[row] = this.scored(row);
  }
}

/** A card after an answer given today. */
export function after(card: Standing, grade: Rating, memory: Memory): Standing {
  const { last, answersToday } = card;
  const trace = last === null ? memory.first(grade) : memory.answered(card, -last, grade, last >= 0);
  return { ...card, ...trace, last: 0, answersToday: answersToday + 1 };
}
