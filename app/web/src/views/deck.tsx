import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { LONGEST_NAME, nameBelow } from '../levels';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { countWords } from '../parts/counts';
import { Options } from '../parts/deck_options';
import { TextField } from '../parts/fields';
import { Sheet } from '../parts/sheet';
import { FailedToRead, Loading, Missing } from '../parts/states';
import { TakeOut } from '../parts/take_out';
import { say } from '../parts/toast';
import { store, useStored } from '../state/device';
import { write } from '../state/writer';
import type { DeckCounts } from '../store';
import type { DeckRow } from '../wire';
import { t } from '../words';

/** One deck: study it, browse it, and how it is studied. */
export default function Deck({ params }: { params: { id: string } }) {
  const stored = useStored(
    async (device) => {
      const decks = await device.decks();
      const deck = decks.find(({ id }) => id === params.id);
      return { deck, decks, counts: (await device.counts()).decks.get(params.id) };
    },
    ['content', 'cards'],
    [params.id],
  );
  const deck = stored.state === 'ready' ? stored.value.deck : undefined;
  return (
    <>
      <Banners update />
      <Bar title={deck?.name.replaceAll('::', ' › ') ?? t('deck')} back="/" />
      <main class="page stack wide" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {stored.state === 'ready' && !deck && <Missing words={t('deckMissing')} />}
        {stored.state === 'ready' && deck && (
          <Whole deck={deck} decks={stored.value.decks} counts={stored.value.counts} />
        )}
      </main>
    </>
  );
}

interface Whole {
  deck: DeckRow;
  decks: readonly DeckRow[];
  counts: DeckCounts | undefined;
}

function Whole({ deck, decks, counts }: Whole) {
  const below = decks.some(({ name }) => nameBelow(name, deck.name, '') !== null);
  return (
    <>
      <section>
        {counts && (
          <p class="muted">
            {countWords(counts)} · {t('total', { n: counts.total })}
          </p>
        )}
        <a class="button main big" href={`/study?deck=${deck.id}`}>
          {t('startStudy')}
        </a>
        <div class="actions fill">
          <a class="button" href={`/cards?deck=${deck.id}`}>
            {t('browseCards')}
          </a>
          <a class="button" href={`/notes/new?deck=${deck.id}`}>
            {t('addCard')}
          </a>
        </div>
      </section>
      <Options deck={deck} decks={decks} />
      <TakeOut deck={{ ...deck, below }} />
      <Rename deck={deck} decks={decks} key={deck.name} />
      <Remove deck={deck} />
    </>
  );
}

/** A new name takes the decks below along. */
function Rename({ deck, decks }: Omit<Whole, 'counts'>) {
  const [name, setName] = useState(deck.name);
  const trimmed = name.trim().normalize('NFC');
  const below = decks.flatMap(({ id, name: old }) => {
    const renamed = id === deck.id ? trimmed : nameBelow(old, deck.name, trimmed);
    return renamed === null ? [] : [{ id, name: renamed }];
  });
  const tooLong = below.some(({ name: renamed }) => [...renamed].length > LONGEST_NAME);
  const changed = trimmed !== '' && trimmed !== deck.name && !tooLong;
  const rename = (event: SubmitEvent) => {
    event.preventDefault();
    if (!changed) return;
    write(async () => {
      await store().editAll(
        below.map(({ id, name }) => ({ entity: 'deck', op: 'update', entity_id: id, fields: { name } })),
      );
      say(t('saved'));
    });
  };
  const wrong = trimmed ? tooLong && t('deckNameTooLong') : t('fieldEmpty', { field: t('deckName') });
  return (
    <form class="stack" onSubmit={rename}>
      <TextField
        label={t('deckName')}
        hint={t('deckLevels')}
        value={name}
        onInput={setName}
        wrong={wrong || undefined}
      />
      <button type="submit" class="button" aria-disabled={!changed}>
        {t('renameDeck')}
      </button>
    </form>
  );
}

function Remove({ deck }: { deck: DeckRow }) {
  const { route } = useLocation();
  const [asking, setAsking] = useState(false);
  const remove = () => {
    write(async () => {
      await store().edit({ entity: 'deck', op: 'delete', entity_id: deck.id });
      const restore = () => write(() => store().edit({ entity: 'deck', op: 'restore', entity_id: deck.id }));
      say(t('deckDeleted', { deck: deck.name }), restore);
      route('/');
    });
  };
  return (
    <>
      <button type="button" class="button bad" onClick={() => setAsking(true)}>
        {t('deleteDeck')}
      </button>
      {asking && (
        <Sheet title={t('deleteDeckSure', { deck: deck.name })} onClose={() => setAsking(false)}>
          <div class="stack">
            <p class="note">{t('deleteDeckHint')}</p>
            <button type="button" class="button bad" onClick={remove}>
              {t('deleteDeckYes')}
            </button>
          </div>
        </Sheet>
      )}
    </>
  );
}
