import { describe, expect, test } from 'vitest';
import { dayStartsAt, learnerDay } from '../src/day';
import { type OptionsInForce, optionsInForce, usualOptions } from '../src/deck_options';
import { cardDigest, type DigestCard, digestOf, digestText, murmur3 } from '../src/digest';
import { effectiveAt, effectiveDay, type ReplayEvent } from '../src/events';
import { fuzzed, fuzzRange, hashOf } from '../src/fuzz';
import { cardIdOf } from '../src/ids';
import { decksAbove } from '../src/levels';
import { type Finding, type LintedNote, lint } from '../src/lint';
import { type CardFace, faces, InvalidNote } from '../src/notes';
import { buildQueue, catchingUp, type DeckLimits, nextCard, type QueueCard } from '../src/queue';
import { type Preview, previews, replay, retrievability } from '../src/schedule';
import { type Facts, matches, parse } from '../src/search';
import type { Break, CardState, DeckOptions, NoteKind, ParametersRow, Settings, WholeOptions } from '../src/wire';
import { golden } from './golden';

function close(actual: number | null, wanted: number | null): void {
  if (actual === null || wanted === null) expect(actual).toBe(wanted);
  else expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(1e-5 * Math.abs(wanted));
}

function sameState(actual: CardState, wanted: CardState): void {
  const { stability, difficulty, ...exact } = actual;
  const { stability: wantedStability, difficulty: wantedDifficulty, ...wantedExact } = wanted;
  expect(exact).toEqual(wantedExact);
  close(stability, wantedStability);
  close(difficulty, wantedDifficulty);
}

interface History {
  name: string;
  card_id: string;
  home_zone: string;
  rollover_hour: number;
  parameter_set: string;
  events: (ReplayEvent & { received_at: number; effective: { at: number; day: number; corrected: boolean } })[];
  state: CardState;
  states?: CardState[];
  preview: { now: number; day: number; retention: number | null; retrievability: number | null; ratings: Preview[] };
}

describe('the schedule', () => {
  const { histories, parameter_sets } = golden<{
    histories: History[];
    parameter_sets: Record<string, ParametersRow[]>;
  }>('schedule');
  const eventsOf = (history: History) =>
    history.events.map((event) => ({ ...event, day: event.effective.day, effective_at: event.effective.at }));

  test.each(histories)('of $name', (history) => {
    const { card_id, preview } = history;
    const versions = parameter_sets[history.parameter_set] ?? [];
    const events = eventsOf(history);
    sameState(replay(card_id, events, versions), history.state);
    sameState(replay(card_id, [...events].reverse().concat(events), versions), history.state);
    history.states?.forEach((state, place) => {
      sameState(replay(card_id, events.slice(0, place + 1), versions), state);
    });
    const parameters = versions.reduce((best, row) => (row.version > best.version ? row : best));
    const retention = preview.retention ?? undefined;
    expect(previews(card_id, history.state, preview.now, preview.day, parameters, retention)).toEqual(preview.ratings);
    close(retrievability(history.state, preview.day, parameters), preview.retrievability);
  });

  test.each(histories)('times and days of $name', ({ events, home_zone, rollover_hour }) => {
    for (const event of events) {
      const at = effectiveAt(event.at, event.clock_offset_ms, event.received_at);
      const { day, corrected } = effectiveDay(event.day, at, home_zone, rollover_hour);
      expect({ at, day, corrected }).toEqual(event.effective);
    }
  });
});

describe('the learner day', () => {
  const vectors = golden<{
    moments: number[];
    days: { zone: string; rollover_hour: number; days: number[] }[];
    starts: { zone: string; rollover_hour: number; day: number; starts_at: number }[];
    effective_at: { at: number; clock_offset_ms: number; received_at: number; effective_at: number }[];
    effective_day: {
      claimed: number;
      effective_at: number;
      zone: string;
      rollover_hour: number;
      day: number;
      corrected: boolean;
    }[];
  }>('day');

  test.each(vectors.days)('in $zone from $rollover_hour o’clock', ({ zone, rollover_hour, days }) => {
    expect(vectors.moments.map((moment) => learnerDay(moment, zone, rollover_hour))).toEqual(days);
  });

  test('its first instant', () => {
    for (const { zone, rollover_hour, day, starts_at } of vectors.starts) {
      expect([zone, day, dayStartsAt(day, zone, rollover_hour)]).toEqual([zone, day, starts_at]);
    }
  });

  test('of an event', () => {
    for (const each of vectors.effective_at) {
      expect(effectiveAt(each.at, each.clock_offset_ms, each.received_at)).toBe(each.effective_at);
    }
    for (const { claimed, effective_at, zone, rollover_hour, day, corrected } of vectors.effective_day) {
      expect(effectiveDay(claimed, effective_at, zone, rollover_hour)).toEqual({ day, corrected });
    }
  });
});

test('fuzz draws the same days', () => {
  const vectors = golden<{
    hashes: { card_id: string; number: number; hash: number }[];
    ranges: { interval: number; maximum_interval: number; range: [number, number] }[];
    fuzzed: { card_id: string; reps: number; interval: number; maximum_interval: number; days: number }[];
    card_ids: { note_id: string; ordinal: number; card_id: string }[];
  }>('fuzz');
  for (const { card_id, number, hash } of vectors.hashes) expect(hashOf(card_id, number)).toBe(hash);
  for (const { interval, maximum_interval, range } of vectors.ranges) {
    expect(fuzzRange(interval, maximum_interval)).toEqual(range);
  }
  for (const { card_id, reps, interval, maximum_interval, days } of vectors.fuzzed) {
    expect(fuzzed(card_id, reps, interval, maximum_interval)).toBe(days);
  }
  for (const { note_id, ordinal, card_id } of vectors.card_ids) expect(cardIdOf(note_id, ordinal)).toBe(card_id);
});

test('the digest sums the same', () => {
  const vectors = golden<{
    murmur3: { text: string; seed: number; hash: number }[];
    cards: { id: string; state: CardState; digest: string; so_far: string }[];
  }>('digest');
  for (const { text, seed, hash } of vectors.murmur3) expect(murmur3(new TextEncoder().encode(text), seed)).toBe(hash);
  const cards = vectors.cards.map(({ id, state }): DigestCard => ({ ...state, id }));
  cards.forEach((card, place) => {
    expect(digestText(cardDigest(card))).toBe(vectors.cards[place]?.digest);
    expect(digestText(digestOf(cards.slice(0, place + 1)))).toBe(vectors.cards[place]?.so_far);
  });
});

describe('the queue', () => {
  const { queues, catching_up: told } = golden<{
    queues: {
      name: string;
      cards: QueueCard[];
      limits: Record<string, DeckLimits>;
      total: DeckLimits;
      above: Record<string, string>;
      today: {
        day: number;
        now: number;
        new_done: Record<string, number>;
        reviews_done: Record<string, number>;
        notes_answered: string[];
        breaks: Break[];
      };
      look_ahead_ms: number;
      queue: { now: string[]; later: [number, string][]; counts: Record<string, object> };
      next: { now: number; id: string | null }[];
    }[];
    catching_up: { total: DeckLimits; per_day: number | null; then: DeckLimits }[];
  }>('queue');

  test.each(told)('working a backlog off, $per_day a day', ({ total, per_day, then }) => {
    expect(catchingUp(total, per_day)).toEqual(then);
  });

  test.each(queues)('$name', ({ cards, limits, total, above, today, look_ahead_ms, queue, next }) => {
    const asked = {
      ...today,
      new_done: new Map(Object.entries(today.new_done)),
      reviews_done: new Map(Object.entries(today.reviews_done)),
      notes_answered: new Set(today.notes_answered),
    };
    const built = buildQueue(cards, new Map(Object.entries(limits)), total, asked, new Map(Object.entries(above)));
    expect(built.now).toEqual(queue.now);
    expect(built.later.map(({ due_at, id }) => [due_at, id])).toEqual(queue.later);
    expect(Object.fromEntries(built.counts)).toEqual(queue.counts);
    expect(next.map(({ now }) => nextCard(built, now, look_ahead_ms))).toEqual(next.map(({ id }) => id));
  });
});

interface Shelf {
  name: string;
  decks: { id: string; name: string; options: DeckOptions }[];
  settings: Settings;
  desired_retention: number;
  above: Record<string, string>;
  usual: WholeOptions;
  in_force: Record<string, OptionsInForce>;
}

test.each(golden<{ shelves: Shelf[] }>('deck_options').shelves)('options of decks: $name', (shelf) => {
  const { decks, settings, desired_retention } = shelf;
  const above = decksAbove(decks);
  expect(Object.fromEntries(above)).toEqual(shelf.above);
  const usual = usualOptions(settings, desired_retention);
  expect(usual).toEqual(shelf.usual);
  const own = new Map(decks.map(({ id, options }) => [id, options]));
  const inForce = decks.map(({ id }) => [id, optionsInForce(id, (deck) => own.get(deck), above, usual)]);
  expect(Object.fromEntries(inForce)).toEqual(shelf.in_force);
});

test('notes make the same cards', () => {
  const { notes } = golden<{
    notes: { kind: NoteKind; fields: Record<string, string>; faces?: CardFace[]; error?: object }[];
  }>('notes');
  for (const { kind, fields, faces: wanted, error } of notes) {
    if (!error) expect(faces(kind, fields)).toEqual(wanted);
    else {
      const refusal = refusalOf(() => faces(kind, fields));
      expect({ field: refusal?.field, reason: refusal?.reason }).toEqual(error);
    }
  }
});

function refusalOf(attempt: () => unknown): InvalidNote | null {
  try {
    attempt();
    return null;
  } catch (error) {
    return error instanceof InvalidNote ? error : null;
  }
}

describe('the linter', () => {
  const { notes, together, alone } = golden<{
    notes: LintedNote[];
    together: Finding[];
    alone: Record<string, Finding[]>;
  }>('lint');

  test('of a whole deck', () => expect(lint(notes)).toEqual(together));

  test.each(notes)('of $id alone', (note) => expect(lint([note])).toEqual(alone[note.id]));
});

describe('searching', () => {
  const { cards, searches } = golden<{
    cards: Facts[];
    searches: { search: string; finds?: number[]; problem?: { reason: string; words: string } }[];
  }>('search');

  test.each(searches)('$search', ({ search, finds, problem }) => {
    if (problem) {
      expect(() => parse(search)).toThrow(expect.objectContaining(problem));
    } else {
      const parsed = parse(search);
      expect(cards.flatMap((card, place) => (matches(parsed, card) ? [place] : []))).toEqual(finds);
    }
  });
});
