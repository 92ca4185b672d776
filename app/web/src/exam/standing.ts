/** Where the learner stands after today's answers, and which cards are weakest. Pure. */
import type { DayPlanRow, ExamRow, Readiness } from '../wire';
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
