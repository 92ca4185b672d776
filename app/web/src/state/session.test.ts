import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock, openPhone } from '../../test/device';
import type { LocalStore } from '../store/local';
import type { Rating } from '../wire';
import { type Session, type SessionOptions, startSession } from './session';
import { flush, givenUp, trouble } from './writer';

describe('a sitting', () => {
  let clock: Clock;
  let store: LocalStore;
  let deckId: string;

  beforeEach(async () => {
    clock = new Clock();
    store = await openPhone('memory', clock);
    deckId = await store.edit({ entity: 'deck', op: 'create', fields: { name: '客套用语' } });
    for (const front of ['一', '二', '三']) {
      const fields = { front, back: `${front}。` };
      await store.edit({ entity: 'note', op: 'create', fields: { deck_id: deckId, kind: 'basic', fields, tags: [] } });
    }
  });

  afterEach(async () => {
    await flush();
    store.close();
  });

  async function sit(options: Omit<SessionOptions, 'deckId'> = {}): Promise<Session> {
    const session = startSession(store, { deckId, ...options });
    await vi.waitFor(() => expect(session.phase.value).not.toBe('loading'));
    await vi.waitFor(() => expect(session.previews.value.length + (session.phase.value === 'done' ? 4 : 0)).toBe(4));
    return session;
  }

  function front(session: Session): string | undefined {
    return session.shown.value?.view.front;
  }

  function answer(session: Session, rating: Rating): void {
    session.reveal();
    session.rate(rating);
  }

  it('shows the next card at once, before anything is written', async () => {
    const session = await sit();
    await vi.waitFor(() => expect(front(session)).toBe('一'));
    await settled();
    answer(session, 4);
    expect(front(session)).toBe('二');
    expect(session.shown.value?.side).toBe('front');
    expect(session.left.value).toEqual({ new: 2, learning: 0, review: 0 });
    await flush();
    expect(await store.journal(store.today())).toMatchObject([{ event: { kind: 'answer', rating: 4 } }]);
  });

  it('does not rate what was not shown', async () => {
    const session = await sit();
    session.rate(3);
    expect(front(session)).toBe('一');
    await flush();
    expect(await store.journal(store.today())).toEqual([]);
  });

  it('takes back every act, the last card included, and shows each on its back', async () => {
    const session = await sit();
    for (let n = 0; n < 3; n++) {
      await settled();
      answer(session, 4);
    }
    await settled();
    expect(session.phase.value).toBe('done');
    for (const expected of ['三', '二', '一']) {
      await session.undo();
      await settled();
      expect([front(session), session.shown.value?.side]).toEqual([expected, 'back']);
    }
    expect(session.left.value).toEqual({ new: 3, learning: 0, review: 0 });
    expect(session.lastAct.value).toBeNull();
    expect((await store.queue(deckId)).now).toHaveLength(3);
  });

  it('opens again on the same card and side, and still takes back the act before', async () => {
    const first = await sit();
    await settled();
    answer(first, 3);
    await settled();
    first.reveal();
    await settled();
    const again = await sit();
    expect([front(again), again.shown.value?.side]).toEqual(['二', 'back']);
    expect(again.lastAct.value).toMatchObject({ kind: 'answer', rating: 3 });
    await again.undo();
    await settled();
    expect([front(again), again.shown.value?.side]).toEqual(['一', 'back']);
  });

  it('names for undo what another tab did last, and nothing that was taken back there', async () => {
    const session = await sit();
    await settled();
    answer(session, 4);
    await flush();
    const other = await sit();
    await settled();
    answer(other, 2);
    await flush();
    await session.rebuild();
    expect(session.lastAct.value).toMatchObject({ rating: 2 });
    await other.undo();
    await flush();
    await session.rebuild();
    expect(session.lastAct.value).toMatchObject({ rating: 4 });
    await other.undo();
    await flush();
    await session.rebuild();
    expect(session.lastAct.value).toBeNull();
  });

  it('brings a learning card back within the sitting', async () => {
    const session = await sit();
    for (let n = 0; n < 3; n++) {
      await settled();
      answer(session, n === 0 ? 1 : 4);
    }
    await settled();
    expect(front(session)).toBe('一');
    expect(session.left.value).toEqual({ new: 0, learning: 1, review: 0 });
  });

  it('goes on when a card was deleted meanwhile', async () => {
    const session = await sit();
    await settled();
    const [, second] = (await store.queue(deckId)).now;
    const card = await store.card(second ?? '');
    await store.edit({ entity: 'note', op: 'delete', entity_id: card?.note_id ?? '' });
    await session.rebuild();
    expect(front(session)).toBe('一');
    answer(session, 4);
    await settled();
    expect(front(session)).toBe('三');
  });

  it('puts a card away, flags one where it stands, and names both for undo', async () => {
    const session = await sit();
    await settled();
    session.flag(1);
    expect([front(session), session.shown.value?.view.card.flag]).toEqual(['一', 1]);
    session.putAway('suspend');
    await settled();
    expect(front(session)).toBe('二');
    expect(session.lastAct.value?.kind).toBe('suspend');
    await session.undo();
    expect(session.lastAct.value?.kind).toBe('flag');
    await session.undo();
    await settled();
    expect(await store.card(session.shown.value?.view.card.id ?? '')).toMatchObject({ suspended: false, flag: 0 });
  });

  it('ends after so many answers, not before undone ones are given again, and goes on when asked', async () => {
    const session = await sit({ cards: 2 });
    for (let n = 0; n < 2; n++) {
      await settled();
      answer(session, 4);
    }
    await settled();
    expect([session.phase.value, session.left.value.new]).toEqual(['done', 1]);
    await session.undo();
    await settled();
    expect([session.phase.value, front(session)]).toEqual(['asking', '二']);
    session.rate(4);
    await settled();
    expect(session.phase.value).toBe('done');
    await session.goOn();
    expect([session.phase.value, front(session)]).toEqual(['asking', '三']);
  });

  it('ends with the first answer after its minutes, those of a break and of a hidden page not counted', async () => {
    let time = 1000;
    vi.spyOn(performance, 'now').mockImplementation(() => time);
    const session = await sit({ minutes: 5 });
    await settled();
    session.pause();
    time += 600_000;
    session.away(true);
    session.away(false);
    expect([session.paused.value, session.watch.elapsed()]).toEqual([true, 0]);
    session.resume();
    time += 4 * 60_000;
    answer(session, 4);
    await settled();
    expect(session.phase.value).toBe('asking');
    session.away(true);
    time += 600_000;
    session.away(false);
    time += 2 * 60_000;
    answer(session, 4);
    await settled();
    expect(session.phase.value).toBe('done');
  });

  it('says so when an act can no longer be taken back, shows what is saved, and goes on writing', async () => {
    const session = await sit();
    await settled();
    answer(session, 4);
    await settled();
    const { Gone } = await import('../store');
    vi.spyOn(store, 'undo').mockRejectedValueOnce(new Gone('act'));
    await session.undo();
    await settled();
    expect(givenUp.value).toMatchObject({ why: 'gone' });
    await vi.waitFor(() => expect(session.left.value).toEqual({ new: 2, learning: 0, review: 0 }));
    await vi.waitFor(() => expect(front(session)).toBe('二'));
    answer(session, 4);
    await settled();
    expect([trouble.value, (await store.journal(store.today())).length]).toEqual([null, 2]);
  });

  it('keeps an answer in memory while the disk is full', async () => {
    const session = await sit();
    await settled();
    const { StorageError } = await import('../store');
    const full = vi.spyOn(store, 'record').mockRejectedValue(new StorageError('full'));
    answer(session, 3);
    await flush();
    expect(trouble.value).toBe('full');
    full.mockRestore();
    await flush();
    expect(trouble.value).toBeNull();
    expect(await store.journal(store.today())).toHaveLength(1);
  });

  /** Until writes and look-ahead reads have come to rest. */
  async function settled(): Promise<void> {
    await flush();
    await store.queue(deckId);
    await store.recall('study');
  }
});
