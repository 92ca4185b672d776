/** What an answer of the server does to this device's exams and plans. */
import type { Changes, DayPlanRow, EditIn, SyncAnswer } from '../wire';
import type { Tx } from './engine';
import { examAfter } from './exam_edits';

type Conflict = SyncAnswer['conflicts'][number];

export async function takeExams(
  tx: Tx,
  { exams = [], exam_plans = [], day_plans = [] }: Changes,
  generation: number,
  waiting: (id: string) => readonly EditIn[],
): Promise<void> {
  for (const row of exams) {
    const conflict = (await tx.get('exams', row.id))?.conflict;
    const kept = { ...row, generation, ...(conflict !== undefined && { conflict }) };
    await tx.put('exams', waiting(row.id).reduce(examAfter, kept));
  }
  for (const row of exam_plans) await tx.put('exam_plans', row);
  for (const row of day_plans) await takeDayPlan(tx, row);
}

/** One day's plan is enough: the latest. */
async function takeDayPlan(tx: Tx, row: DayPlanRow): Promise<void> {
  const known = await tx.rows('day_plans');
  if (known.some(({ day, made_at }) => day > row.day || (day === row.day && made_at > row.made_at))) return;
  await tx.clear('day_plans');
  await tx.put('day_plans', row);
}

/** Notes the other version of a part of an exam; whether it was about an exam. */
export async function putExamConflict(
  tx: Tx,
  { entity_id, field, kept, other }: Conflict,
  isWaiting: boolean,
): Promise<boolean> {
  const exam = await tx.get('exams', entity_id);
  if (!exam) return false;
  if (isWaiting) return true;
  const alive = field === 'deleted' ? { deleted: false } : {};
  const conflict = { ...(exam.conflict as object | undefined), [field]: { kept, other } };
  await tx.put('exams', { ...exam, ...alive, conflict });
  return true;
}

/** Removes the exams that a full fetch did not bring, and plans without their exam. */
export async function sweepExams(tx: Tx, stale: (row: { id: string; generation?: number }) => boolean): Promise<void> {
  for (const exam of (await tx.rows('exams')).filter(stale)) await tx.delete('exams', exam.id);
  const here = new Set((await tx.rows('exams')).map(({ id }) => id));
  for (const { exam_id } of await tx.rows('exam_plans')) {
    if (!here.has(exam_id)) await tx.delete('exam_plans', exam_id);
  }
}
