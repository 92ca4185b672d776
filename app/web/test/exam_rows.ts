/** Exams and plans for tests: valid by default, each test says what matters to it. */
import type { PlanCard } from '../src/exam/records';
import { nameOf } from '../src/exam/records';
import type { SentTables } from '../src/exam/tables';
import type { DayPlanRow, ExamPlanRow, ExamRow } from '../src/wire';
import { golden } from './golden';

export const TABLES = golden<{ tables: SentTables }>('exam').tables;

export function examRow(part: Partial<ExamRow> = {}): ExamRow {
  return {
    id: '01890000-0000-7000-8000-0000000000e1',
    name: '公关员考试',
    day: 20_600,
    time: null,
    decks: null,
    sections: {},
    cards: {},
    minutes: [15, 15, 15, 15, 15, 30, 0],
    days_off: [],
    target: null,
    buffer_days: 0,
    result: null,
    archived: false,
    version: 1,
    seq: 1,
    ...part,
  };
}

const BAND = { mean: 0.5, low: 0.45, high: 0.55 };

export function examPlanRow(part: Partial<ExamPlanRow> = {}): ExamPlanRow {
  return {
    exam_id: examRow().id,
    day: 20_590,
    made_at: 1,
    seq: 2,
    state: 'solved',
    exam_version: 1,
    cards: 40,
    seen: 20,
    seconds: 900,
    readiness: BAND,
    outlook: { mean: 0.78, low: 0.74, high: 0.82 },
    five_more: 0.004,
    path: [],
    history: [],
    sections: [],
    left_out: { count: 0, cards: [] },
    ...part,
  };
}

export function dayPlanRow(cards: readonly Partial<PlanCard>[], part: Partial<DayPlanRow> = {}): DayPlanRow {
  return {
    day: 20_590,
    made_at: 1,
    seq: 3,
    exams: [examRow().id],
    at: [9.6],
    seconds: [900],
    count: cards.length,
    cards: packed(cards),
    tables: TABLES,
    ...part,
  };
}

/** The records as the server packs them. */
function packed(cards: readonly Partial<PlanCard>[]): string {
  const bytes = new Uint8Array(16 * cards.length);
  const view = new DataView(bytes.buffer);
  cards.forEach(({ name = '', stability = 1, difficulty = 5, age = null, group = 0, exam = 0, ...marks }, place) => {
    const at = 16 * place;
    for (let byte = 0; byte < 8; byte += 1) bytes[at + byte] = Number.parseInt(name.slice(2 * byte, 2 * byte + 2), 16);
    const code = age === null ? 0 : Math.round(((Math.log(stability) + 7) / 18) * 65_534) + 1;
    view.setUint16(at + 8, code, true);
    view.setUint16(at + 10, Math.round(((difficulty - 1) / 9) * 65_535), true);
    view.setUint16(at + 12, age ?? 0, true);
    view.setUint8(at + 14, group ?? 255);
    view.setUint8(at + 15, exam | (marks.pinned ? 64 : 0) | (marks.leftOut ? 128 : 0));
  });
  return Buffer.from(bytes).toString('base64');
}

export function planCard(cardId: string, part: Partial<PlanCard> = {}): Partial<PlanCard> {
  return { name: nameOf(cardId), ...part };
}
