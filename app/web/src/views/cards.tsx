import { useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { otherVersions } from '../conflict';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { Bulk, type Selection } from '../parts/bulk';
import { Icon } from '../parts/icon';
import { addressOf, type Filter, Filters, filterOf, ORDERS, searchOf, wordsOf } from '../parts/search_box';
import { FailedToRead, Loading } from '../parts/states';
import { tongueOf } from '../parts/text';
import { VirtualList } from '../parts/virtual_list';
import { plain } from '../plain';
import { today, useStored } from '../state/device';
import { problemOf, useFound, useRows } from '../state/found';
import type { CardView, FoundCard } from '../store';
import type { CardRow, DeckRow } from '../wire';
import { t } from '../words';
import { dayFrom } from '../words/time';
import '../style/browse.css';

const ROW_REM = 5.375;
const NOTHING: readonly FoundCard[] = [];

/** All cards, searched and filtered on the device. The filter is in the address, so that the way back finds it again. */
export default function Cards({ query }: { query: Record<string, string> }) {
  const { route } = useLocation();
  const filter = filterOf(query);
  const decks = useStored((device) => device.decks(), ['content']);
  const known = decks.state === 'ready' ? decks.value : [];
  const change = (patch: Partial<Filter>) => route(addressOf({ ...filter, ...patch }), true);
  return (
    <>
      <Banners update />
      <Bar title={t('cards')}>
        <a class="icon-button" href="/import" aria-label={t('bringIn')} title={t('bringIn')}>
          <Icon name="bring" />
        </a>
        <a
          class="icon-button"
          href={filter.deck ? `/notes/new?deck=${filter.deck}` : '/notes/new'}
          aria-label={t('addCard')}
          title={t('addCard')}
        >
          <Icon name="add" />
        </a>
      </Bar>
      <main class="page stack" id="main">
        <search>
          <Filters filter={filter} decks={known} problem={problemOf(filter.text)} onChange={change} />
        </search>
        {decks.state === 'ready' && (
          <Found
            filter={filter}
            decks={known}
            onClear={() => change({ text: '', deck: '', state: 'any', order: ORDERS[0] })}
          />
        )}
      </main>
    </>
  );
}

interface Found {
  filter: Filter;
  decks: readonly DeckRow[];
  onClear: () => void;
}

function Found({ filter, decks, onClear }: Found) {
  const search = searchOf(filter, decks);
  const found = useFound(search, filter.order);
  const cards = found.state === 'ready' ? found.cards : NOTHING;
  const [selected, setSelected] = useState<ReadonlySet<string> | null>(null);
  const selection = useMemo(() => selectionOf(cards, selected), [cards, selected]);
  if (found.state === 'failed') return <FailedToRead reason={found.reason} />;
  if (found.state === 'loading') return <Loading />;
  if (found.state === 'invalid') return null;
  const filtered = filter.text !== '' || filter.deck !== '' || filter.state !== 'any';
  if (cards.length === 0) return <NothingFound words={wordsOf(filter)} filtered={filtered} onClear={onClear} />;
  return (
    <>
      <div class="found" aria-busy={found.search !== search}>
        <p class="grow muted" role="status">
          {selected ? t('chosen', { n: selection.cards.length }) : t('found', { n: cards.length })}
        </p>
        {selected ? (
          <>
            <button type="button" class="button" onClick={() => setSelected(new Set(cards.map(({ id }) => id)))}>
              {t('chooseAll')}
            </button>
            <button type="button" class="button" onClick={() => setSelected(null)}>
              {t('chooseEnd')}
            </button>
          </>
        ) : (
          <button type="button" class="button" onClick={() => setSelected(new Set())}>
            {t('choose')}
          </button>
        )}
      </div>
      <List cards={cards} decks={decks} selected={selected} onSelect={setSelected} />
      {selected && <Bulk selection={selection} decks={decks} onDone={() => setSelected(null)} />}
    </>
  );
}

/** What is chosen, as far as it is still found. */
function selectionOf(cards: readonly FoundCard[], selected: ReadonlySet<string> | null): Selection {
  const chosen = selected ? cards.filter(({ id }) => selected.has(id)) : [];
  return { cards: chosen.map(({ id }) => id), notes: [...new Set(chosen.map(({ note_id }) => note_id))] };
}

function NothingFound({ words, filtered, onClear }: { words: string; filtered: boolean; onClear: () => void }) {
  return (
    <div class="empty" role="status">
      <p>{words ? t('foundNoneFor', { words }) : t('foundNone')}</p>
      {filtered ? (
        <button type="button" class="button main" onClick={onClear}>
          {t('clearSearch')}
        </button>
      ) : (
        <a class="button main" href="/decks/add">
          {t('addDecks')}
        </a>
      )}
    </div>
  );
}

interface List {
  cards: readonly FoundCard[];
  decks: readonly DeckRow[];
  selected: ReadonlySet<string> | null;
  onSelect: (selected: ReadonlySet<string>) => void;
}

function List({ cards, decks, selected, onSelect }: List) {
  const { rows, read } = useRows(cards);
  const names = new Map(decks.map((deck) => [deck.id, deck.name.replaceAll('::', ' › ')]));
  const [last, setLast] = useState(0);
  const choose = (place: number, id: string, reach: boolean) => {
    const ids = reach ? between(cards, last, place) : [id];
    const next = new Set(selected);
    const isOn = next.has(id);
    for (const each of ids) isOn ? next.delete(each) : next.add(each);
    setLast(place);
    onSelect(next);
  };
  const row = (place: number) => {
    const id = cards[place]?.id ?? '';
    const view = rows.get(id);
    if (!view) return null;
    const inside = <CardWords view={view} deck={names.get(view.card.deck_id) ?? ''} />;
    if (!selected) {
      return (
        <a class="row" href={`/cards/${id}`}>
          {inside}
          <Icon name="forward" />
        </a>
      );
    }
    return (
      <label class="row">
        <input type="checkbox" checked={selected.has(id)} onClick={(event) => choose(place, id, event.shiftKey)} />
        {inside}
      </label>
    );
  };
  return <VirtualList label={t('cards')} count={cards.length} rowRem={ROW_REM} row={row} onWindow={read} />;
}

function between(cards: readonly FoundCard[], one: number, other: number): string[] {
  return cards.slice(Math.min(one, other), Math.max(one, other) + 1).map(({ id }) => id);
}

function CardWords({ view, deck }: { view: CardView; deck: string }) {
  const { card, note } = view;
  const front = plain(view.front, note.format) || t('aPicture');
  const marks = [
    stateWords(card, today.value),
    card.flag > 0 && t('flagged'),
    otherVersions(note).length > 0 && t('conflict'),
    deck,
    ...note.tags.map((tag) => `#${tag}`),
  ];
  return (
    <span class="grow">
      <span class="clip" lang={tongueOf(front)}>
        {front}
      </span>
      <span class="muted small line">{marks.filter(Boolean).join(' · ')}</span>
    </span>
  );
}

/** Where the card stands, in a few words: new, learning, suspended, or the day it is due. */
function stateWords(card: CardRow, day: number): string {
  if (card.suspended) return t('stateSuspended');
  if (card.phase === 0) return t('stateNew');
  if (card.phase !== 2 || card.due_day === null) return t('stateLearning');
  return t('dueOn', { day: dayFrom(day, Math.max(card.due_day, card.buried_until ?? card.due_day)) });
}
