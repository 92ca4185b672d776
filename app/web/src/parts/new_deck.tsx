import { useState } from 'preact/hooks';
import { store } from '../state/device';
import { write } from '../state/writer';
import { t } from '../words';
import { TextField } from './fields';

/** Makes an empty deck; `onMade` gets its id once it is saved. */
export function NewDeck({ onMade }: { onMade?: (id: string) => void }) {
  const [name, setName] = useState('');
  const make = (event: SubmitEvent) => {
    event.preventDefault();
    const trimmed = name.trim().normalize('NFC');
    if (!trimmed) return;
    write(async () => {
      const id = await store().edit({ entity: 'deck', op: 'create', fields: { name: trimmed } });
      onMade?.(id);
    });
  };
  return (
    <section>
      <h2>{t('newDeck')}</h2>
      <form class="stack" onSubmit={make}>
        <TextField label={t('deckName')} value={name} onInput={setName} />
        <button type="submit" class="button" aria-disabled={!name.trim()}>
          {t('add')}
        </button>
      </form>
    </section>
  );
}
