import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { Catalogue } from '../parts/catalogue';
import { TextField } from '../parts/fields';
import { store } from '../state/device';
import { write } from '../state/writer';
import { t } from '../words';

export default function AddDecks() {
  return (
    <>
      <Banners />
      <Bar title={t('addDecks')} back="/" />
      <main class="page stack wide" id="main">
        <section>
          <Catalogue />
        </section>
        <NewDeck />
      </main>
    </>
  );
}

function NewDeck() {
  const { route } = useLocation();
  const [name, setName] = useState('');
  const make = (event: SubmitEvent) => {
    event.preventDefault();
    const trimmed = name.trim().normalize('NFC');
    if (!trimmed) return;
    write(async () => {
      const id = await store().edit({ entity: 'deck', op: 'create', fields: { name: trimmed } });
      route(`/decks/${id}`);
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
