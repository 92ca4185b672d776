// Which decks an exam asks for.
import type { Deck } from '../../state/exams';
import { t } from '../../words';
import { deckName } from './numbers';

interface Props {
  decks: readonly Deck[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

export function DeckList({ decks, chosen, onChange }: Props) {
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a legend would draw a line of its own
    <div class="rows" role="group" aria-label={t('examWhich')}>
      {decks.map(({ id, name, cards }) => (
        <label key={id} class="row switch">
          <span class="grow">
            {deckName(name)} <span class="muted small">{t('examCards', { n: cards })}</span>
          </span>
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
        </label>
      ))}
    </div>
  );
}
