import { expect, test } from 'vitest';
import { FREEZES, type Streak, streak } from '../src/streak';
import type { Break } from '../src/wire';
import { Clock, openPhone } from './device';
import { golden } from './golden';

const DAY = 86_400_000;
const { streaks } = golden<{ streaks: { days: number[]; today: number; breaks: Break[]; streak: Streak }[] }>('streak');

test.each(streaks)('studied $days without $breaks, seen on $today', (vector) => {
  expect(streak(vector.days, vector.today, FREEZES, vector.breaks)).toEqual(vector.streak);
});

test('a phone remembers its days of study longer than its answers, and no day whose answers were all taken back', async () => {
  const clock = new Clock();
  const store = await openPhone('memory', clock);
  const deck = await store.edit({ entity: 'deck', op: 'create', fields: { name: 'd' } });
  const fields = { front: 'f', back: 'b' };
  await store.edit({ entity: 'note', op: 'create', fields: { deck_id: deck, kind: 'basic', fields, tags: [] } });
  const [card] = (await store.queue()).now;
  const first = store.today();
  for (let day = 0; day < 10; day += 1) {
    const event = store.prepare({ card_id: card ?? '', kind: 'answer', rating: 3 });
    await store.record(event);
    if (day === 4) await store.undo(event.id);
    clock.pass(DAY);
  }
  const { items } = await store.outbox(100);
  const rest = { refused: [], corrected: [], conflicts: [], server_time: clock.time, digest: null };
  const changes = { learner: null, parameters: [], decks: [], notes: [], cards: [], tombstones: [] };
  await store.absorb({ cursor: 0, more: true, acked: items.map(({ id }) => id), changes, ...rest }, 0);
  await store.begin();
  expect((await store.history(card ?? '')).length).toBeLessThan(10);
  const days = [0, 1, 2, 3, 5, 6, 7, 8, 9].map((day) => first + day);
  expect((await store.daysStudied()).sort((a, b) => a - b)).toEqual(days);
  await store.rememberDays([first - 3]);
  expect(await store.daysStudied()).toContain(first - 3);
});
