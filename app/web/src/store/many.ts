/** Many edits or events at once, some hundred in a transaction. What is gone meanwhile is left out. */
import { saveEvent } from './acts';
import { EDIT_TABLES, editOf, saveEdit } from './edits';
import type { Engine } from './engine';
import { ACT_TABLES, Gone } from './journal';
import type { Replaying } from './onTop';
import type { Shelf } from './shelf';
import type { EditDraft, PreparedEvent } from './types';

const SAVED_AT_ONCE = 200;
type Done = ((count: number) => void) | undefined;

/** Gives the notes that were edited; undefined when decks were, which touches all that is in them. */
export async function saveEdits(
  engine: Engine,
  drafts: readonly EditDraft[],
  moment: { newId: () => string; now: number },
  done: Done,
): Promise<string[] | undefined> {
  const edits = drafts.map((draft) => editOf(draft, moment.newId(), moment.newId(), moment.now));
  await inParts(edits, done, (part) =>
    engine.run('readwrite', EDIT_TABLES, async (tx) => {
      for (const edit of part) await saveEdit(tx, edit).catch(unlessGone);
    }),
  );
  return edits.some(({ entity }) => entity === 'deck') ? undefined : edits.map(({ entity_id }) => entity_id);
}

/** Gives the cards that were acted on. */
export async function saveEvents(
  engine: Engine,
  events: readonly PreparedEvent[],
  how: Replaying,
  shelf: Shelf,
  done: Done,
): Promise<string[]> {
  await inParts(events, done, (part) =>
    engine.run('readwrite', ACT_TABLES, async (tx) => {
      for (const event of part) await saveEvent(tx, event, how, shelf).catch(unlessGone);
    }),
  );
  return events.map(({ card_id }) => card_id);
}

async function inParts<T>(items: readonly T[], done: Done, save: (part: readonly T[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += SAVED_AT_ONCE) {
    await save(items.slice(at, at + SAVED_AT_ONCE));
    done?.(Math.min(items.length, at + SAVED_AT_ONCE));
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof Gone)) throw error;
}
