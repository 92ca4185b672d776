// How an import is read and what comes with it. Each change is made at once; what concerns the file has it read again.
import { useState } from 'preact/hooks';
import type { Import, ImportChange } from '../imports';
import { t } from '../words';
import { SelectRow, SwitchRow, TextField } from './fields';
import { ENCODINGS, readers } from './import_words';

interface Options {
  value: Import;
  onChange: (change: ImportChange) => void;
}

export function Options({ value, onChange }: Options) {
  const { options, counts, encoding, guessed_encoding } = value;
  const isPackage = value.generation.startsWith('anki') || (counts.reviews ?? 0) > 0;
  return (
    <section aria-labelledby="import-options">
      <h2 id="import-options">{t('imOptions')}</h2>
      <div class="rows">
        {isPackage && (
          <SwitchRow
            label={t('imScheduling')}
            hint={t('imSchedulingHint')}
            on={options.scheduling}
            onChange={(scheduling) => onChange({ scheduling })}
          />
        )}
        {isPackage && (
          <SwitchRow
            label={t('imDeckOptions')}
            on={options.deck_options}
            onChange={(deck_options) => onChange({ deck_options })}
          />
        )}
        <SelectRow
          label={t('imReader')}
          value={options.reader}
          choices={withOwn(
            readers.map(([reader, word]) => [reader, t(word)]),
            options.reader,
          )}
          onChange={(reader) => onChange({ reader })}
        />
        {(encoding || options.encoding) && (
          <SelectRow
            label={t('imEncoding')}
            hint={guessed_encoding ? t('imGuessed') : undefined}
            value={options.encoding ?? encoding}
            choices={withOwn(
              ENCODINGS.map((each) => [each, each.toUpperCase()]),
              options.encoding ?? encoding,
            )}
            onChange={(chosen) => onChange({ encoding: chosen })}
          />
        )}
      </div>
      {!isPackage && <Where value={value} onChange={onChange} key={options.deck} />}
      {options.reader === 'list' && <Between between={options.between ?? ''} onChange={onChange} />}
    </section>
  );
}

/** The choices with the one in force among them, also when a newer server named it. */
function withOwn(choices: [string, string][], value: string): [string, string][] {
  return choices.some(([each]) => each === value) ? choices : [...choices, [value, value]];
}

/** The deck of cards that name none; what becomes of decks that the file names stands below. */
function Where({ value, onChange }: Options) {
  const { options, decks, decks_total, table } = value;
  const deck = options.deck || (decks_total === 1 ? (decks[0]?.name ?? '') : '');
  const hint = decks_total > 1 ? t(table ? 'imDeckOfRest' : 'imDeckAbove') : undefined;
  const [name, setName] = useState(deck);
  const trimmed = name.normalize('NFC').trim();
  const take = (event: SubmitEvent) => {
    event.preventDefault();
    if (trimmed && trimmed !== deck) onChange({ deck: trimmed });
  };
  return (
    <form class="stack tight" onSubmit={take}>
      <TextField label={t('imDeck')} hint={hint} value={name} onInput={setName} />
      {trimmed && trimmed !== deck && (
        <button type="submit" class="button">
          {t('imTake')}
        </button>
      )}
    </form>
  );
}

function Between({ between, onChange }: { between: string; onChange: Options['onChange'] }) {
  const [mark, setMark] = useState(between);
  const take = (event: SubmitEvent) => {
    event.preventDefault();
    if (mark && mark !== between) onChange({ between: mark });
  };
  return (
    <form class="stack tight" onSubmit={take}>
      <TextField label={t('imBetween')} hint={t('imBetweenHint')} value={mark} onInput={setMark} />
      {mark && mark !== between && (
        <button type="submit" class="button">
          {t('imTake')}
        </button>
      )}
    </form>
  );
}
