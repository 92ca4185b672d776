// What is half written survives a tap on another place: kept while it is written, offered when the page is opened again.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Draft, Keeper } from '../draft';
import { store } from '../state/device';
import { type Store, UNSAVED } from '../store';
import type { Json } from '../wire';
import { t } from '../words';
import { unsay } from './toast';

/** The draft under that name: the id of the note, or "new". */
export async function draftOf(device: Store, name: string): Promise<Draft | null> {
  return (await device.recall(UNSAVED + name)) as unknown as Draft | null;
}

/** Keeps `draft` under that name from its first change on; `known`: it is what was kept already. */
export function useDraft(name: string, draft: Draft | null, known: boolean): Keeper {
  const keeper = useMemo(() => new Keeper((kept) => store().remember(UNSAVED + name, kept as unknown as Json)), [name]);
  const first = useRef(true);
  useEffect(() => {
    const isNews = !first.current || (draft !== null && !known);
    first.current = false;
    if (!isNews) return;
    keeper.keep(draft);
    // What an earlier page saved says nothing about this text.
    if (draft) unsay(t('saved'));
  }, [JSON.stringify(draft)]);
  useEffect(() => {
    const leave = () => keeper.flush();
    addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', leave);
    return () => {
      removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', leave);
      leave();
    };
  }, [keeper]);
  return keeper;
}

export function DraftLine({ overtaken, onDrop }: { overtaken: boolean; onDrop: () => void }) {
  return (
    <p class="row wrap note" role="status">
      <span class="grow">
        {t('draftBack')}
        {overtaken && ` ${t('draftOvertaken')}`}
      </span>
      <button type="button" class="button" onClick={onDrop}>
        {t('draftDrop')}
      </button>
    </p>
  );
}
