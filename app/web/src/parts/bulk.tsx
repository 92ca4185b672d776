// What can be done with the chosen cards, all at once; each act can be undone.
import { useState } from 'preact/hooks';
import { actOn, type Done, move, type Progress, remove, retag } from '../state/bulk';
import type { Data, DeckRow, Kind } from '../wire';
import { type PlainKey, t } from '../words';
import { Select, TextField } from './fields';
import type { IconName } from './icon';
import { Replace } from './replace';
import { Action, Sheet } from './sheet';
import { say } from './toast';

/** Ids of the chosen cards, and of their notes. */
export interface Selection {
  cards: readonly string[];
  notes: readonly string[];
}

interface Bulk {
  selection: Selection;
  decks: readonly DeckRow[];
  onDone: () => void;
}

type Step = 'closed' | 'acts' | 'move' | 'tag' | 'untag' | 'replace';

export function Bulk({ selection, decks, onDone }: Bulk) {
  const [step, setStep] = useState<Step>('closed');
  const [progress, setProgress] = useState<readonly [done: number, all: number] | null>(null);
  const run = async (act: (progress: Progress) => Promise<Done>) => {
    setStep('closed');
    setProgress([0, selection.cards.length]);
    try {
      const { count, undo } = await act((done, all) => setProgress([done, all]));
      say(t('bulkDone', { n: count }), count > 0 ? () => void undo() : undefined);
      onDone();
    } finally {
      setProgress(null);
    }
  };
  const isEmpty = selection.cards.length === 0;
  return (
    <div class="bulk">
      <button
        type="button"
        class="button main big"
        aria-disabled={isEmpty || progress !== null}
        onClick={() => !isEmpty && !progress && setStep('acts')}
      >
        {progress
          ? t('bulkUnderWay', { done: progress[0], n: progress[1] })
          : t('bulkActs', { n: selection.cards.length })}
      </button>
      {step === 'acts' && <Acts selection={selection} run={run} onStep={setStep} onClose={() => setStep('closed')} />}
      {step === 'move' && (
        <Move
          decks={decks}
          count={selection.notes.length}
          onClose={() => setStep('closed')}
          onMove={(deck) => run((progress) => move(selection.notes, deck, progress))}
        />
      )}
      {(step === 'tag' || step === 'untag') && (
        <Tags
          removing={step === 'untag'}
          count={selection.notes.length}
          onClose={() => setStep('closed')}
          onTags={(tags) =>
            run((progress) =>
              step === 'tag' ? retag(selection.notes, tags, [], progress) : retag(selection.notes, [], tags, progress),
            )
          }
        />
      )}
      {step === 'replace' && (
        <Replace notes={selection.notes} onClose={() => setStep('closed')} onReplace={(act) => run(act)} />
      )}
    </div>
  );
}

interface Acts {
  selection: Selection;
  run: (act: (progress: Progress) => Promise<Done>) => Promise<void>;
  onStep: (step: Step) => void;
  onClose: () => void;
}

const events: readonly (readonly [icon: IconName, word: PlainKey, kind: Kind, data: Data])[] = [
  ['pause', 'bulkSuspend', 'suspend', {}],
  ['play', 'bulkUnsuspend', 'unsuspend', {}],
  ['flag', 'bulkFlag', 'flag', { flag: 1 }],
  ['flag', 'bulkUnflag', 'flag', { flag: 0 }],
  ['again', 'bulkReset', 'reset', {}],
];

function Acts({ selection, run, onStep, onClose }: Acts) {
  const notes = t('bulkNotes', { n: selection.notes.length });
  return (
    <Sheet title={t('chosen', { n: selection.cards.length })} onClose={onClose}>
      <div class="rows acts">
        {events.map(([icon, word, kind, data]) => (
          <Action
            key={word}
            icon={icon}
            label={t(word)}
            onAct={() => void run((progress) => actOn(selection.cards, kind, data, progress))}
          />
        ))}
        <Action icon="cards" label={`${t('bulkMove')} (${notes})`} onAct={() => onStep('move')} />
        <Action icon="add" label={`${t('bulkTag')} (${notes})`} onAct={() => onStep('tag')} />
        <Action icon="close" label={`${t('bulkUntag')} (${notes})`} onAct={() => onStep('untag')} />
        <Action icon="edit" label={`${t('bulkReplace')} (${notes})`} onAct={() => onStep('replace')} />
        <Action
          bad
          icon="remove"
          label={`${t('bulkDelete')} (${notes})`}
          onAct={() => void run((progress) => remove(selection.notes, progress))}
        />
      </div>
    </Sheet>
  );
}

interface Move {
  decks: readonly DeckRow[];
  count: number;
  onMove: (deck: string) => void;
  onClose: () => void;
}

function Move({ decks, count, onMove, onClose }: Move) {
  const [deck, setDeck] = useState(decks[0]?.id ?? '');
  return (
    <Sheet title={t('bulkMove')} onClose={onClose}>
      <div class="stack">
        <div class="field">
          <label for="bulk-deck">{t('deck')}</label>
          <Select
            id="bulk-deck"
            label={t('deck')}
            value={deck}
            choices={decks.map((each) => [each.id, each.name.replaceAll('::', ' › ')])}
            onChange={setDeck}
          />
        </div>
        <button type="button" class="button main" onClick={() => onMove(deck)}>
          {`${t('bulkMove')} (${t('bulkNotes', { n: count })})`}
        </button>
      </div>
    </Sheet>
  );
}

interface Tags {
  removing: boolean;
  count: number;
  onTags: (tags: readonly string[]) => void;
  onClose: () => void;
}

function Tags({ removing, count, onTags, onClose }: Tags) {
  const [typed, setTyped] = useState('');
  const tags = typed.normalize('NFC').split(/\s+/).filter(Boolean);
  const word = removing ? t('bulkUntag') : t('bulkTag');
  return (
    <Sheet title={word} onClose={onClose}>
      <div class="stack">
        <TextField label={t('tags')} value={typed} onInput={setTyped} />
        <button
          type="button"
          class="button main"
          aria-disabled={tags.length === 0}
          onClick={() => tags.length > 0 && onTags(tags)}
        >
          {`${word} (${t('bulkNotes', { n: count })})`}
        </button>
      </div>
    </Sheet>
  );
}
