// What the exam screens read, and how they wait for a plan that is being made.
import { useEffect } from 'preact/hooks';
import { inOrder, runningOf, sharedMinutes } from '../exam/scope';
import { movedCards, readinessNow, sectionsNow, weakest } from '../exam/standing';
import { startToday } from '../exam/today';
import type { Store } from '../store';
import { dayPlan, EXAM_TABLES, examPlans, knownOf, liveExams, pathsOf, spentOn } from '../store/exams';
import { liveDecks } from '../store/reads';
import type { EditDraft, ExamFields, RefusedItem } from '../store/types';
import type { DeckRow, ExamPlanRow, ExamRow, Readiness, SectionStanding } from '../wire';
import { store, syncNow, syncStatus, useStored } from './device';
import { extraMinutes } from './exam_sitting';

export interface Deck extends DeckRow {
  cards: number;
}

export interface Shelf {
  today: number;
  /** Soonest first, past and archived ones included. */
  exams: ExamRow[];
  plans: ReadonlyMap<string, ExamPlanRow>;
  decks: Deck[];
  /** Of today, for all exams. */
  minutes: number;
  spentSeconds: number;
  /** What the server would not take of the exams, newest last. */
  refused: RefusedItem[];
}

export async function readShelf(from: Store): Promise<Shelf> {
  const today = from.today();
  const extra = await extraMinutes(from, today);
  const breaks = from.learner().settings.breaks ?? [];
  const refused = (await from.refused()).filter(({ body }) => 'entity' in body && body.entity === 'exam');
  return from.engine.run('readonly', EXAM_TABLES, async (tx) => {
    const exams = await liveExams(tx);
    const plans = await examPlans(tx);
    const decks: Deck[] = [];
    for (const deck of await liveDecks(tx)) {
      const range = { from: deck.id, to: deck.id };
      decks.push({ ...deck, cards: await tx.count('cards', { index: 'deck', range }) });
    }
    return {
      today,
      exams: inOrder(exams),
      plans: new Map(plans.map((plan) => [plan.exam_id, plan])),
      decks,
      minutes:
        sharedMinutes(
          exams.filter(({ archived }) => !archived),
          today,
          breaks,
        ) + extra,
      spentSeconds: await spentOn(tx, today),
      refused,
    };
  });
}

export function useShelf() {
  const stored = useStored(readShelf, ['cards', 'content', 'outbox']);
  useFreshPlans(stored.state === 'ready' ? staleOf(stored.value) : '');
  return stored;
}

/** Names the running exams whose plan is missing or older than they are; "" when all is as it should be. */
function staleOf({ exams, plans, today }: Shelf): string {
  const stale = exams.filter((exam) => !exam.archived && exam.day >= today && isStale(exam, plans.get(exam.id), today));
  return stale.map(({ id, version }) => `${id} ${version}`).join();
}

export function isStale(exam: ExamRow, plan: ExamPlanRow | undefined, today: number): boolean {
  return !plan || plan.day < today || plan.exam_version < exam.version;
}

const WAITS_MS = [2000, 5000, 15_000, 60_000];

/** A plan is made by the server in the background: it is asked for again after a while, and then only as usual. */
function useFreshPlans(stale: string): void {
  useEffect(() => {
    let timer = 0;
    const wait = (tries: number) => {
      const ms = WAITS_MS[tries];
      if (ms === undefined) return;
      timer = window.setTimeout(() => {
        if (syncStatus.peek().phase !== 'offline') void syncNow().then(() => wait(tries + 1));
      }, ms);
    };
    if (stale) wait(0);
    return () => clearTimeout(timer);
  }, [stale]);
}

/** Where the learner stands right now, without asking anybody; null where no plan has come yet. */
export async function standingNow(from: Store, exam: ExamRow): Promise<Readiness | null> {
  const day = from.today();
  const { known, plan, told } = await from.engine.run('readonly', EXAM_TABLES, async (tx) => ({
    known: await knownOf(tx, day, from.parameters()),
    plan: await dayPlan(tx),
    told: (await tx.get('exam_plans', exam.id)) ?? null,
  }));
  if (told?.state !== 'solved') return null;
  if (!plan || plan.day !== told.day) return told.readiness;
  return readinessNow(told.readiness, startToday(known, 0), exam, plan, day);
}

/**
 * Where the learner stands, and will stand who keeps to the plan. What was learnt since it was made may have overtaken it:
 * studying on takes nothing away.
 */
export function useStanding(exam: ExamRow, plan: ExamPlanRow): { now: Readiness; outlook: Readiness } {
  const stored = useStored((device) => standingNow(device, exam), ['cards', 'content'], [exam.id, plan.made_at]);
  const now = stored.state === 'ready' ? (stored.value ?? plan.readiness) : plan.readiness;
  return { now, outlook: now.mean > plan.outlook.mean ? now : plan.outlook };
}

/** The parts of the exam with the answers since the plan; null where no plan says how they stood before. */
export async function sectionsStanding(from: Store, exam: ExamRow): Promise<SectionStanding[] | null> {
  const day = from.today();
  return from.engine.run('readonly', [...EXAM_TABLES, 'notes'], async (tx) => {
    const plan = await dayPlan(tx);
    const told = await tx.get('exam_plans', exam.id);
    if (!plan || told?.state !== 'solved' || plan.day !== told.day) return null;
    const moved = movedCards(startToday(await knownOf(tx, day, from.parameters()), 0), exam, plan, day);
    const ids = moved.map(({ id }) => id);
    return sectionsNow(told.sections, moved, await pathsOf(tx, ids));
  });
}

/** Cards for a last look before the exam. */
export async function weakCards(from: Store, exam: ExamRow, count: number): Promise<string[]> {
  const day = from.today();
  const known = await from.engine.run('readonly', EXAM_TABLES, (tx) => knownOf(tx, day, from.parameters()));
  return weakest(startToday(known, 0), exam, day, count);
}

/** What the end of the day's session shows. */
export interface End {
  exam: ExamRow | null;
  now: Readiness | null;
  answers: number;
}

export async function endOf(from: Store): Promise<End> {
  const { exams, today } = await readShelf(from);
  const [exam = null] = runningOf(exams, today);
  const journal = await from.journal(today);
  const answers = journal.filter(({ event, undone }) => event.kind === 'answer' && !undone && event.data.exam);
  return { exam, now: exam && (await standingNow(from, exam)), answers: answers.length };
}

type ExamUpdate = Extract<EditDraft, { entity: 'exam'; op: 'update' }>['fields'];

export function changeExam(id: string, fields: ExamUpdate): Promise<string> {
  return store().edit({ entity: 'exam', op: 'update', entity_id: id, fields });
}

export function addExam(fields: ExamFields & Pick<ExamRow, 'name' | 'day' | 'minutes'>): Promise<string> {
  return store().edit({ entity: 'exam', op: 'create', fields });
}
