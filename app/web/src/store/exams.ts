/** What the exam screens ask of the database. It comes with them: studying does without. */

import { asksFor, inOrder, runningOf } from '../exam/scope';
import { type Known, type OwnAnswer, type PhoneCard, planFor } from '../exam/today';
import type { CardRow, DayPlanRow, ExamPlanRow, ExamRow, ParametersRow } from '../wire';
import type { Tx } from './engine';
import { liveDecks } from './reads';
import type { JournalRecord, Table } from './tables';

export const EXAM_TABLES: readonly Table[] = ['exams', 'exam_plans', 'day_plans', 'decks', 'cards', 'journal'];

export async function liveExams(tx: Tx): Promise<ExamRow[]> {
  return inOrder((await tx.rows('exams')).filter(({ deleted }) => !deleted));
}

export function examPlans(tx: Tx): Promise<ExamPlanRow[]> {
  return tx.rows('exam_plans');
}

export async function dayPlan(tx: Tx): Promise<DayPlanRow | null> {
  const [latest] = await tx.rows('day_plans', { backwards: true, limit: 1 });
  return latest ?? null;
}

/** The section of the text that each of some cards is from. */
export async function pathsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, readonly string[]>> {
  const paths = new Map<string, readonly string[]>();
  for (const id of ids) {
    const card = await tx.get('cards', id);
    const note = card && (await tx.get('notes', card.note_id));
    paths.set(id, note?.source?.section ?? []);
  }
  return paths;
}

/** This device's answers of a learner day that were given for an exam, and their time in seconds. */
export async function spentOn(tx: Tx, day: number): Promise<number> {
  const entries = await answersBetween(tx, day, day);
  const forExams = entries.filter(({ event }) => typeof event.data.exam === 'string');
  return forExams.reduce((sum, { event }) => sum + event.duration_ms, 0) / 1000;
}

/** Answers of this device that stand, in the order of making. */
async function answersBetween(tx: Tx, from: number, to: number): Promise<JournalRecord[]> {
  const range = { from: [from, 0], to: [to, Number.MAX_SAFE_INTEGER] };
  const entries = await tx.rows('journal', { index: 'day', range });
  return entries.filter(({ event, undone }) => event.kind === 'answer' && !undone);
}

/** All that today's session is made of. */
export async function knownOf(tx: Tx, today: number, parameters: ParametersRow): Promise<Known> {
  const running = runningOf(await liveExams(tx), today);
  const latest = await dayPlan(tx);
  const plan = planFor({ plan: latest, running, today });
  const since = plan?.day ?? today;
  const decks = (await liveDecks(tx)).filter(({ id }) => running.some((exam) => asksFor(exam, id)));
  const read = plan ? await cardsAnswered(tx, decks, since) : await allCards(tx, decks);
  const answers = (await answersBetween(tx, since, today)).map(ownAnswer);
  return { today, running, plan, answers, parameters, ...read };
}

type Read = Pick<Known, 'cards' | 'rows'>;

function ownAnswer({ card_id, event }: JournalRecord): OwnAnswer {
  return { cardId: card_id, day: event.day, rating: event.rating ?? 1 };
}

/** The ids of all cards, and the rows of those answered on or after a day: few, however many cards there are. */
async function cardsAnswered(tx: Tx, decks: readonly { id: string }[], since: number): Promise<Read> {
  const answered = await tx.rows('cards', { index: 'answered', range: { from: since } });
  const lists = await Promise.all(decks.map(({ id }) => idsOf(tx, id)));
  return { cards: lists.flat(), rows: new Map(answered.map((row) => [row.id, row])) };
}

async function idsOf(tx: Tx, deckId: string): Promise<PhoneCard[]> {
  const ids = await tx.ids('cards', { index: 'deck', range: { from: deckId, to: deckId } });
  return ids.map((id) => ({ id, deckId }));
}

async function allCards(tx: Tx, decks: readonly { id: string }[]): Promise<Read> {
  const cards: CardRow[] = [];
  for (const { id } of decks) {
    const rows = await tx.rows('cards', { index: 'deck', range: { from: id, to: id } });
    cards.push(
      ...rows.filter(({ deleted, suspended }) => !deleted && !suspended).sort((a, b) => a.position - b.position),
    );
  }
  return {
    cards: cards.map(({ id, deck_id }) => ({ id, deckId: deck_id })),
    rows: new Map(cards.map((row) => [row.id, row])),
  };
}
