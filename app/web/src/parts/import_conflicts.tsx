// Notes that the learner edited since, and that the file has otherwise: for all of them, or one by one.
import type { Import, ImportChange, ImportConflict, Keep } from '../imports';
import { t } from '../words';
import { SelectRow } from './fields';
import { FieldText } from './text';

interface Conflicts {
  value: Import;
  onChange: (change: ImportChange) => void;
}

export function Conflicts({ value, onChange }: Conflicts) {
  const { conflicts, counts, options } = value;
  const deleted = counts.deleted ?? 0;
  if (conflicts.length === 0 && deleted === 0) return null;
  const keeps: [Keep, string][] = [
    ['keep', t('imKeepMine')],
    ['take', t('imTakeTheirs')],
  ];
  return (
    <section aria-labelledby="conflicts">
      <h2 id="conflicts">{t('imConflicts', { n: counts.conflicts ?? conflicts.length })}</h2>
      <div class="rows">
        {conflicts.length > 0 && (
          <SelectRow
            label={t('imForAll')}
            value={options.conflicts}
            choices={keeps}
            onChange={(all) => onChange({ conflicts: all })}
          />
        )}
        {deleted > 0 && (
          <SelectRow
            label={t('imForDeleted', { n: deleted })}
            value={options.deleted}
            choices={[
              ['keep', t('imStayDeleted')],
              ['restore', t('imRestore')],
            ]}
            onChange={(restored) => onChange({ deleted: restored })}
          />
        )}
      </div>
      {conflicts.map((conflict) => (
        <Conflict
          key={conflict.note_id}
          conflict={conflict}
          usual={options.conflicts}
          onChoose={(keep) => onChange({ choices: { [conflict.note_id]: keep } })}
        />
      ))}
      {(counts.conflicts ?? 0) > conflicts.length && conflicts.length > 0 && (
        <p class="muted">{t('imMoreConflicts', { n: (counts.conflicts ?? 0) - conflicts.length })}</p>
      )}
    </section>
  );
}

interface One {
  conflict: ImportConflict;
  usual: Keep;
  onChoose: (keep: Keep) => void;
}

function Conflict({ conflict, usual, onChoose }: One) {
  const chosen = conflict.choice ?? usual;
  const side = (keep: Keep, word: string, texts: readonly string[]) => (
    <button
      type="button"
      class="button side"
      aria-pressed={chosen === keep}
      onClick={() => chosen !== keep && onChoose(keep)}
    >
      <span class="muted small">{word}</span>
      {texts.map((text, place) => (
        <FieldText key={place} text={text || '—'} format="html" />
      ))}
    </button>
  );
  return (
    <div class="conflict">
      {side(
        'keep',
        t('imMine'),
        conflict.fields.map(({ mine }) => mine),
      )}
      {side(
        'take',
        t('imTheirs'),
        conflict.fields.map(({ theirs }) => theirs),
      )}
    </div>
  );
}
