// The question side of kinds that ask in their own way: choices to tap, the members of a list so far.
import { useState } from 'preact/hooks';
import { hashOf } from '../fuzz';
import { lines } from '../notes';
import type { Shown } from '../state/session';
import { t } from '../words';
import { FieldText } from './text';
import '../style/question.css';

export function Question({ shown, onPick }: { shown: Shown; onPick: () => void }) {
  if (shown.view.note.kind === 'choice') return <Choices shown={shown} onPick={onPick} />;
  return <Members shown={shown} />;
}

/** Shuffled anew for each time that the card is asked, so that nobody learns the place instead of the answer. */
function shuffled(choices: readonly string[], cardId: string, reps: number): string[] {
  return choices
    .map((choice, place) => ({ choice, at: hashOf(cardId, reps * 64 + place) }))
    .sort((a, b) => a.at - b.at)
    .map(({ choice }) => choice);
}

function Choices({ shown, onPick }: { shown: Shown; onPick: () => void }) {
  const { view, side } = shown;
  const { note, card } = view;
  const [picked, setPicked] = useState<string | null>(null);
  const [choices] = useState(() => shuffled(lines(note.fields.choices ?? ''), card.id, card.reps));
  const pick = (choice: string) => {
    if (side === 'back') return;
    setPicked(choice);
    onPick();
  };
  const look = (choice: string) => {
    if (side === 'front') return 'button choice';
    if (choice === view.back) return 'button choice right';
    return choice === picked ? 'button choice picked-wrong' : 'button choice';
  };
  return (
    <>
      <FieldText text={note.fields.front ?? ''} format={note.format} media={note.media} />
      <ol class="choices">
        {choices.map((choice, place) => (
          <li key={choice}>
            <button
              type="button"
              class={look(choice)}
              data-choice={place + 1}
              aria-pressed={choice === picked}
              aria-disabled={side === 'back'}
              onClick={() => pick(choice)}
            >
              <span class="muted">{String.fromCharCode(65 + place)}</span>
              <FieldText text={choice} format={note.format} media={note.media} />
              {side === 'back' && choice === view.back && <span class="second">{t('choiceRight')}</span>}
              {side === 'back' && choice === picked && choice !== view.back && (
                <span class="second">{t('choicePicked')}</span>
              )}
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

/** The question of a list with its members so far; the one that is asked for is a blank line of its own. */
function Members({ shown: { view } }: { shown: Shown }) {
  const { note, card } = view;
  const known = lines(note.fields.items ?? '').slice(0, card.ordinal);
  return (
    <>
      <FieldText text={note.fields.front ?? ''} format={note.format} media={note.media} />
      <ol class="members">
        {known.map((member, place) => (
          <li key={place}>
            <FieldText text={member} format={note.format} media={note.media} />
          </li>
        ))}
        <li class="asked-for">……</li>
      </ol>
    </>
  );
}
