/** What a learner does next: mostly answers, sometimes everything else that ends up in the log. */
import type { EventDraft, LocalStore } from '../../src/store';
import type { Rating } from '../../src/wire';

export type Chance = () => number;

const RATINGS: readonly Rating[] = [1, 1, 2, 3, 3, 3, 3, 3, 4];

export function pick<T>(list: readonly T[], chance: Chance): T {
  const one = list[Math.floor(chance() * list.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

export async function nextAct(store: LocalStore, cards: readonly string[], chance: Chance): Promise<EventDraft> {
  const card_id = pick(cards, chance);
  const die = chance();
  if (die < 0.08) {
    const last = await store.lastUndoable();
    if (last) return { card_id: last.card_id, kind: 'undo', data: { event: last.id } };
  }
  if (die > 0.98) return { card_id, kind: 'reset' };
  if (die > 0.96) return { card_id, kind: 'due', data: { day: store.today() + Math.floor(chance() * 9) } };
  if (die > 0.94) return { card_id, kind: 'flag', data: { flag: Math.floor(chance() * 8) } };
  if (die > 0.92) return { card_id, kind: 'bury', data: { until: store.today() + 1 } };
  if (die > 0.88) return { card_id, kind: chance() < 0.4 ? 'suspend' : 'unsuspend' };
  return { card_id, kind: 'answer', rating: pick(RATINGS, chance), duration_ms: Math.floor(chance() * 20_000) };
}
