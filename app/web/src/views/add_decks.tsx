import { useLocation } from 'preact-iso';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { Catalogue } from '../parts/catalogue';
import { NewDeck } from '../parts/new_deck';
import { t } from '../words';

export default function AddDecks() {
  const { route } = useLocation();
  return (
    <>
      <Banners />
      <Bar title={t('addDecks')} back="/" />
      <main class="page stack wide" id="main">
        <section>
          <Catalogue />
        </section>
        <NewDeck onMade={(id) => route(`/decks/${id}`)} />
      </main>
    </>
  );
}
