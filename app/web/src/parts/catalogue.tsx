// The shipped decks, each one tap away.
import { addDecks, adding, type CatalogueItem, catalogue } from '../state/catalogue';
import { t } from '../words';
import { sentenceOf, useAsked } from './asked';
import { FailedToReach, Loading } from './states';
import { say } from './toast';

/** So many of the first decks a newcomer takes together. */
const MAIN = 4;

/** `first`: nothing is on the phone yet, so the main decks can be taken together. */
export function Catalogue({ first }: { first?: boolean }) {
  const { asked, again } = useAsked(catalogue);
  if (asked.state === 'loading') return <Loading />;
  if (asked.state === 'failed') return <FailedToReach problem={asked.problem} onRetry={again} />;
  if (asked.value.length === 0) return <p class="muted">{t('catalogueEmpty')}</p>;
  const main = asked.value.slice(0, MAIN);
  const add = async (items: readonly CatalogueItem[]) => {
    try {
      await addDecks(items.map((item) => item.slug));
    } catch (error) {
      say(sentenceOf(error) ?? t('cannotReach'));
    }
    again();
  };
  return (
    <>
      {first && main.length === MAIN && <AddMain items={main} onAdd={add} />}
      {first && (
        <a class="button plain" href="/me/account">
          {t('knownAlready')}
        </a>
      )}
      <ul class="rows">
        {asked.value.map((item) => (
          <li key={item.slug} class="row wrap">
            <Item item={item} onAdd={add} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface Adding {
  onAdd: (items: readonly CatalogueItem[]) => Promise<void>;
}

function AddMain({ items, onAdd }: Adding & { items: readonly CatalogueItem[] }) {
  const busy = adding.value.size > 0;
  return (
    <button type="button" class="button main big" disabled={busy} onClick={() => void onAdd(items)}>
      {busy ? t('adding') : t('addMainDecks')}
    </button>
  );
}

function Item({ item, onAdd }: Adding & { item: CatalogueItem }) {
  return (
    <>
      <span class="grow">
        <b>{item.name}</b>
        {item.description && <span class="muted note line">{item.description}</span>}
        <span class="muted note line">{t('cardCount', { n: item.cards })}</span>
      </span>
      <ItemButton item={item} onAdd={onAdd} />
    </>
  );
}

function ItemButton({ item, onAdd }: Adding & { item: CatalogueItem }) {
  if (adding.value.has(item.slug)) return <span class="muted">{t('adding')}</span>;
  if (item.added && item.added.version === item.version) return <span class="muted">{t('added')}</span>;
  const words = item.added ? t('updateDeck') : t('add');
  return (
    <button
      type="button"
      class="button"
      aria-label={`${words} ${item.name}`}
      disabled={adding.value.size > 0}
      onClick={() => void onAdd([item])}
    >
      {words}
    </button>
  );
}
