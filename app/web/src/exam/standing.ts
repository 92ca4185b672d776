/** Where the learner stands after today's answers, and which cards are weakest. Pure. */
import type { DayPlanRow, ExamRow, Readiness, SectionStanding } from '../wire';
import { type Counted, meanRecall, movedBand } from './readiness';
import { asksFor, daysTo, placeOf } from './scope';
import type { Standing } from './session';
import type { Today } from './today';

/** The readiness that the plan gave, moved by what was learnt since: the phone's own reckoning without a network. */
export function readinessNow(known: Readiness, today: Today, exam: ExamRow, plan: DayPlanRow, day: number): Readiness {
  const { start, memory, session } = today;
  const place = plan.exams.indexOf(exam.id);
  if (!start || place < 0) return known;
  const at = (plan.at[place] ?? 0) - (day - plan.day);
  const rows = rowsOf(today, exam);
  const mean = (standing: (row: number) => Standing | undefined) =>
    meanRecall(
      rows.flatMap((row) => counted(standing(row)) ?? []),
      at,
      memory,
    );
  return movedBand(known, mean((row) => session.standing(row)) - mean((row) => start[row]));
}

/** What the answers since the plan have done to one card. */
export interface Moved {
  id: string;
  deck: string;
  isNew: boolean;
  /** Recall at the exam, more than before. */
  gain: number;
}

/** The cards of an exam that stand otherwise than the plan said. */
export function movedCards(today: Today, exam: ExamRow, plan: DayPlanRow, day: number): Moved[] {
  const { start, memory, session, cards, decks } = today;
  const place = plan.exams.indexOf(exam.id);
  if (!start || place < 0) return [];
  const at = (plan.at[place] ?? 0) - (day - plan.day);
  const recall = ({ last, stability }: Standing) => (last === null ? 0 : memory.recall(at - last, stability));
  return rowsOf(today, exam).flatMap((row) => {
    const before = start[row];
    const now = session.standing(row);
    if (!before || (before.last === now.last && before.stability === now.stability)) return [];
    const gain = recall(now) - recall(before);
    return { id: cards[row] ?? '', deck: decks[row] ?? '', isNew: before.last === null, gain };
  });
}

/** The parts of an exam as they stand now; `paths` says in which section a moved card is. */
export function sectionsNow(
  sections: readonly SectionStanding[],
  moved: readonly Moved[],
  paths: ReadonlyMap<string, readonly string[]>,
): SectionStanding[] {
  return sections.map((section) => {
    const { deck_id, path, cards, seen, readiness } = section;
    const mine = moved.filter(
      ({ id, deck }) => deck === deck_id && path.every((part, depth) => paths.get(id)?.[depth] === part),
    );
    if (mine.length === 0 || cards === 0) return section;
    const gain = mine.reduce((sum, card) => sum + card.gain, 0);
    const begun = mine.filter(({ isNew }) => isNew).length;
    return { ...section, seen: Math.min(seen + begun, cards), readiness: movedBand(readiness, gain / cards) };
  });
}

function counted(standing: Standing | undefined): Counted | null {
  return standing ? { ...standing, age: standing.last === null ? null : -standing.last, weight: 1 } : null;
}

function rowsOf({ cards, decks }: Today, exam: ExamRow): number[] {
  return cards.flatMap((id, row) => {
    const deck = decks[row] ?? '';
    return id && asksFor(exam, deck) && placeOf(exam, id, deck) !== 'dropped' ? row : [];
  });
}

/** The seen cards that will most likely be forgotten at the exam, weakest first. */
export function weakest(today: Today, exam: ExamRow, day: number, count: number): string[] {
  const at = daysTo(exam, day);
  const { session, memory, cards } = today;
  const seen = rowsOf(today, exam).flatMap((row) => {
    const { last, stability } = session.standing(row);
    return last === null ? [] : { id: cards[row] ?? '', recall: memory.recall(at - last, stability) };
  });
  return seen
    .sort((a, b) => a.recall - b.recall)
    .slice(0, count)
    .map(({ id }) => id);
}
