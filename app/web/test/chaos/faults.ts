/** The faults of a phone, laid around the real store: they exist to be caught. */
import type { Engine } from '../../src/store/engine';
import type { LocalStore } from '../../src/store/local';
import type { Fault } from './plan';

const DAY_MS = 86_400_000;

export function plant(fault: Fault, store: LocalStore, engine: Engine): void {
  if (fault === 'outbox-emptied-on-send') emptyOnSend(store, engine);
  if (fault === 'wrong-day-at-rollover') countDaysFromMidnight(store);
  if (fault === 'forgets-undo') forgetUndo(store);
}

function emptyOnSend(store: LocalStore, engine: Engine): void {
  const outbox = store.outbox.bind(store);
  store.outbox = async (limit) => {
    const taken = await outbox(limit);
    await engine.run('readwrite', ['outbox'], async (tx) => {
      for (const { n } of taken.items) await tx.delete('outbox', n);
    });
    return taken;
  };
}

function countDaysFromMidnight(store: LocalStore): void {
  const prepare = store.prepare.bind(store);
  store.prepare = (draft) => {
    const event = prepare(draft);
    return { ...event, day: Math.floor(event.at / DAY_MS) };
  };
}

/** Says that the undo is saved, and saves nothing. */
function forgetUndo(store: LocalStore): void {
  const record = store.record.bind(store);
  store.record = async (event) => {
    const card = event.kind === 'undo' && (await store.card(event.card_id));
    return card ? { event: { ...event, device_seq: 0 }, card, before: card } : record(event);
  };
}
