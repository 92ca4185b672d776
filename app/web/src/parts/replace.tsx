// Find and replace over many notes: what would change is shown before it does.
import { useEffect, useState } from 'preact/hooks';
import { type Done, type Progress, type Replacement, replace, replacements } from '../state/bulk';
import { t } from '../words';
import { SwitchRow, TextField } from './fields';
import { Sheet } from './sheet';

const AFTER_TYPING_MS = 250;
const MOST_SHOWN = 20;

interface Replace {
  notes: readonly string[];
  onReplace: (act: (progress: Progress) => Promise<Done>) => void;
  onClose: () => void;
}

export function Replace({ notes, onReplace, onClose }: Replace) {
  const [find, setFind] = useState('');
  const [put, setPut] = useState('');
  const [caseCounts, setCaseCounts] = useState(false);
  const [seen, setSeen] = useState<{ changed: Replacement[]; broken: number }>({ changed: [], broken: 0 });
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      void replacements(notes, { find, put, caseCounts }).then((found) => current && setSeen(found));
    }, AFTER_TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [find, put, caseCounts, notes]);
  const { changed, broken } = seen;
  return (
    <Sheet title={t('bulkReplace')} onClose={onClose}>
      <div class="stack">
        <TextField label={t('replaceFind')} value={find} onInput={setFind} />
        <TextField label={t('replacePut')} value={put} onInput={setPut} />
        <SwitchRow label={t('replaceCase')} on={caseCounts} onChange={setCaseCounts} />
        <p class="muted" role="status">
          {find && t('replaceCount', { n: changed.length })}
          {broken > 0 && ` ${t('replaceBroken', { n: broken })}`}
        </p>
        <ul class="rows changes">
          {changed.slice(0, MOST_SHOWN).flatMap(({ note, fields }) =>
            Object.entries(fields).map(([name, after]) => (
              <li key={note.id + name} class="change">
                <del>{around(note.fields[name] ?? '', after)}</del>
                <ins>{around(after, note.fields[name] ?? '')}</ins>
              </li>
            )),
          )}
        </ul>
        <div class="sheet-end">
          <button
            type="button"
            class="button main"
            aria-disabled={changed.length === 0}
            onClick={() => changed.length > 0 && onReplace((progress) => replace(changed, progress))}
          >
            {t('replaceNow', { n: changed.length })}
          </button>
        </div>
      </div>
    </Sheet>
  );
}

const CONTEXT = 24;

/** The part of a text that differs from the other one, with some words around it. */
function around(text: string, other: string): string {
  let from = 0;
  while (from < text.length && from < other.length && text[from] === other[from]) from++;
  let end = 0;
  const most = Math.min(text.length, other.length) - from;
  while (end < most && text.at(-1 - end) === other.at(-1 - end)) end++;
  const start = Math.max(0, from - CONTEXT);
  const stop = Math.min(text.length, text.length - end + CONTEXT);
  return `${start > 0 ? '…' : ''}${text.slice(start, stop)}${stop < text.length ? '…' : ''}`;
}
