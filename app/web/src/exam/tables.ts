/**
 * What a second of study is worth, by day and kind of card, as the server's plan tells it (`core/exam/tables.py` gives the shape).
 * A table is a grid of codes over (age, stability, difficulty), read between its nodes.
 */

const VERSION = 1;
const REACH = 18;
const TOP = 65_534;

/** One day of one group, as it is sent. */
export interface SentDay {
  day: number;
  new: number;
  repeat: string;
  review: string;
}

/** `export` of the server's plan; days are counted from the plan's day. */
export interface SentTables {
  version: number;
  weights: number[];
  costs: Costs;
  answers_a_day: number;
  log_stability: [first: number, last: number, count: number];
  difficulty: number[];
  ages: number[];
  groups: { days: SentDay[] }[];
}

/** Seconds that an answer takes. */
export interface Costs {
  new: number;
  passed: number;
  failed: number;
}

/** Gain per second of code `code`; 0 where study does not pay. */
export function decoded(code: number): number {
  return code === 0 ? 0 : Math.exp(-REACH + (REACH * (code - 1)) / TOP);
}

/** Little-endian unsigned numbers of 16 bits out of base64. */
export function unpacked16(text: string): Uint16Array {
  const bytes = unpacked8(text);
  return Uint16Array.from(
    { length: bytes.length >> 1 },
    (_, i) => (bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8),
  );
}

export function unpacked8(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** The axes that all tables of a plan share. */
export class Axes {
  private readonly logs: number[];
  private readonly logAges: number[];

  constructor(private readonly sent: Pick<SentTables, 'log_stability' | 'difficulty' | 'ages'>) {
    const [first, last, count] = sent.log_stability;
    this.logs = Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));
    this.logAges = sent.ages.map((age) => Math.log(age));
  }

  get cells(): number {
    return this.logs.length * this.sent.difficulty.length;
  }

  /** The first row of a table between whose rows an age (days) lies, and how far on. */
  age(days: number): [row: number, part: number] {
    return place(this.logAges, Math.log(Math.max(days, 1)));
  }

  /** A row of a table, which begins at `start`, read at a stability and difficulty. */
  read(table: Float64Array, start: number, stability: number, difficulty: number): number {
    const [low, part] = place(this.logs, Math.log(Math.max(stability, 1e-6)));
    const [left, side] = place(this.sent.difficulty, difficulty);
    const width = this.sent.difficulty.length;
    const cell = start + low * width + left;
    const at = (offset: number) => table[cell + offset] ?? 0;
    const below = at(0) * (1 - side) + at(1) * side;
    const above = at(width) * (1 - side) + at(width + 1) * side;
    return below * (1 - part) + above * part;
  }
}

/** Where a value lies on a rising axis: the node below, and the part (0 to 1) of the way to the next. */
function place(axis: readonly number[], value: number): [below: number, part: number] {
  let low = 0;
  let high = axis.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((axis[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  const [from = 0, to = 1] = [axis[low], axis[low + 1]];
  return [low, Math.min(Math.max((value - from) / (to - from), 0), 1)];
}

/** Scores of one group's cards on one day. */
export interface DayScores {
  readonly fresh: number;
  /** One more answer to a card seen today. */
  repeat(stability: number, difficulty: number): number;
  /** A card last seen so many days ago. */
  review(stability: number, difficulty: number, age: number): number;
}

function dayScores(axes: Axes, sent: SentDay): DayScores {
  const repeats = Float64Array.from(unpacked16(sent.repeat), decoded);
  const reviews = Float64Array.from(unpacked16(sent.review), decoded);
  return {
    fresh: decoded(sent.new),
    repeat: (stability, difficulty) => axes.read(repeats, 0, stability, difficulty),
    review(stability, difficulty, age) {
      const [row, part] = axes.age(age);
      const before = axes.read(reviews, row * axes.cells, stability, difficulty);
      const after = axes.read(reviews, (row + 1) * axes.cells, stability, difficulty);
      return before * (1 - part) + after * part;
    },
  };
}

/** The scores of every group so many days after the plan was made; beyond the last day those of the last. Null when there are none. */
export function scoresOn(tables: SentTables, day: number): DayScores[] | null {
  if (tables.version !== VERSION) return null;
  const axes = new Axes(tables);
  const days = tables.groups.map((group) => group.days.findLast((each) => each.day <= day));
  return days.every((each) => each !== undefined) ? days.map((each) => dayScores(axes, each)) : null;
}
