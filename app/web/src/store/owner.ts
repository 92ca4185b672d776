// Whose data a phone holds, another learner's or nobody's any more, and what its owner wished for.
import { EMPTY_DIGEST } from '../digest';
import type { Data, EditIn, LearnerRow, Problem } from '../wire';
import { forgetKept } from './days';
import { draftsIn, firstState, readMeta, UI, UNSAVED, writeDevice } from './device';
import { Device, putLearner, startOver } from './device_row';
import { forgetDone } from './done';
import type { Tx } from './engine';
import { DAYS } from './journal';
import { forNewOwner, MEDIA_TABLES } from './media';
import { ALL_TABLES, type MetaRecord, type OutboxItem } from './tables';
import type { LearnerPatch, Moved } from './types';
import { putWishes, wishesIn } from './wishes';

/** The phone belongs to `learner` from now on; what it held of another one is fetched anew. */
export async function changeOwner(tx: Tx, learner: LearnerRow): Promise<void> {
  const known = (await readMeta(tx, 'learner')) as LearnerRow | null;
  await putLearner(tx, learner);
  await tx.delete('meta', 'renewal');
  if (known?.id !== learner.id) await forgetDone(tx);
  if (!known || known.id === learner.id) return;
  await forgetKept(tx);
  const device = await Device.in(tx);
  for (const table of ['parameters', 'exam_plans', 'day_plans'] as const) await tx.clear(table);
  await forNewOwner(tx, false);
  startOver(device, null);
  await device.save();
}

/**
 * The phone belongs to the account of `learner` from now on and fetches everything of it. `moved`: what was here is in the account
 * too; what is not sent yet, what is half written, and the journal, from which undo and the streak come, go along. Without it what was here was kept apart:
 * what is not sent yet is listed as refused for `apart`, never sent as the other's.
 */
export async function handOver(
  tx: Tx,
  learner: LearnerRow,
  moved: Moved | null,
  apart: Problem,
  at: number,
): Promise<void> {
  const device = await Device.in(tx);
  const places = new Map(moved?.map(({ before, after }) => [before, after]));
  const of = (id: string) => places.get(id) ?? id;
  const unsent = await tx.rows('outbox');
  const journal = await tx.rows('journal');
  const refused = await tx.rows('refused');
  const along = moved ? await besides(tx, of) : [];
  // Pictures of what is not sent yet go along with it.
  if (moved) await forNewOwner(tx, false);
  const goes = (table: (typeof ALL_TABLES)[number]) => !moved || !MEDIA_TABLES.includes(table);
  for (const table of ALL_TABLES.filter(goes)) await tx.clear(table);
  for (const row of refused) await tx.put('refused', row);
  for (const item of unsent) {
    if (moved) await tx.put('outbox', placed(item, of));
    else await tx.put('refused', { id: item.id, problem: apart, body: item.event ?? (item.edit as EditIn), at });
  }
  for (const entry of moved ? journal : []) {
    const { event, card_id, deck_id, note_id } = entry;
    const ids = { card_id: of(card_id), deck_id: of(deck_id), note_id: of(note_id) };
    await tx.put('journal', { ...entry, ...ids, event: { ...event, card_id: of(card_id) } });
  }
  for (const row of along) await tx.put('meta', row);
  await putLearner(tx, learner);
  device.state.digest = EMPTY_DIGEST;
  startOver(device, null);
  await device.save();
}

function placed(item: OutboxItem, of: (id: string) => string): OutboxItem {
  const event = item.event && { ...item.event, card_id: of(item.event.card_id) };
  const deck = item.edit?.fields.deck_id;
  const fields = typeof deck === 'string' ? { deck_id: of(deck) } : {};
  const edit = item.edit && {
    ...item.edit,
    entity_id: of(item.edit.entity_id),
    fields: { ...item.edit.fields, ...fields },
  };
  return { ...item, about: of(item.about), event, edit };
}

/** The days studied and what is half written, in its new places. */
async function besides(tx: Tx, of: (id: string) => string): Promise<MetaRecord[]> {
  const days = await readMeta(tx, DAYS);
  const drafts = (await draftsIn(tx)).map((draft) => placedDraft(draft, of));
  return days ? [...drafts, { name: DAYS, value: days }] : drafts;
}

function placedDraft({ name, value }: MetaRecord, of: (id: string) => string): MetaRecord {
  const { deck } = value as Data;
  const placed = typeof deck === 'string' ? { ...(value as Data), deck: of(deck) } : value;
  return { name: UI + UNSAVED + of(name.slice((UI + UNSAVED).length)), value: placed };
}

/** Nothing is left, not even what is unsent if the learner said so; the phone becomes the device `newDevice`. */
export async function empty(tx: Tx, evenUnsent: boolean, newDevice: string): Promise<void> {
  const unsent = await tx.count('outbox');
  if (unsent > 0 && !evenUnsent) throw new Error(`${unsent} unsent items would be lost`);
  for (const table of ALL_TABLES) await tx.clear(table);
  // Its count begins at 0 again, and (device, count) must stay unique.
  await writeDevice(tx, firstState(newDevice));
}

/** The server has heard the `sent` wishes, or refused them (then `learner` is null): those that came after them stay. */
export async function settleWishes(tx: Tx, sent: LearnerPatch, learner: LearnerRow | null): Promise<void> {
  const later = Object.entries(await wishesIn(tx)).filter(
    ([name, wish]) => JSON.stringify(wish) !== JSON.stringify(sent[name as keyof LearnerPatch]),
  );
  await putWishes(tx, Object.fromEntries(later));
  if (learner) await putLearner(tx, learner);
}
