import { useEffect, useId, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { otherVersions } from '../conflict';
import { faces } from '../notes';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { Select } from '../parts/fields';
import { plain } from '../parts/html';
import { Icon } from '../parts/icon';
import { FailedToRead, Loading } from '../parts/states';
import { tongueOf } from '../parts/text';
import { store, today, useStored, version } from '../state/device';
import type { BrowseQuery, NotePage } from '../store';
import type { CardRow, DeckRow, NoteRow } from '../wire';
import { type PlainKey, t } from '../words';
import { dayFrom } from '../words/time';

const PAGE = 50;
const TYPING_MS = 150;
type State = 'any' | NonNullable<BrowseQuery['state']>;

const states: readonly (readonly [State, PlainKey])[] = [
  ['any', 'stateAny'],
  ['new', 'stateNew'],
  ['learning', 'stateLearning'],
  ['review', 'stateReview'],
  ['suspended', 'stateSuspended'],
  ['flagged', 'stateFlagged'],
  ['leech', 'stateLeech'],
];

interface Filter {
  text: string;
  deck: string;
  state: State;
}

function queryOf({ text, deck, state }: Filter): BrowseQuery {
  const query: BrowseQuery = { limit: PAGE };
  if (text.trim()) query.text = text.trim();
  if (deck) query.deck_id = deck;
  if (state !== 'any') query.state = state;
  return query;
}

/** All cards, searched and filtered on the device. The filter is in the address, so that the way back finds it again. */
export default function Cards({ query }: { query: Record<string, string> }) {
  const { route } = useLocation();
  const filter: Filter = { text: query.q ?? '', deck: query.deck ?? '', state: stateOf(query.state) };
  const decks = useStored((device) => device.decks(), ['content']);
  const known = decks.state === 'ready' ? decks.value : [];
  const change = (patch: Partial<Filter>) => route(addressOf({ ...filter, ...patch }), true);
  return (
    <>
      <Banners update />
      <Bar title={t('cards')}>
        <a
          class="icon-button"
          href={filter.deck ? `/notes/new?deck=${filter.deck}` : '/notes/new'}
          aria-label={t('addCard')}
        >
          <Icon name="add" />
        </a>
      </Bar>
      <main class="page stack" id="main">
        <search>
          <Filters filter={filter} decks={known} onChange={change} />
        </search>
        <Found filter={filter} decks={known} onClear={() => change({ text: '', deck: '', state: 'any' })} />
      </main>
    </>
  );
}

function stateOf(text: string | undefined): State {
  return states.find(([state]) => state === text)?.[0] ?? 'any';
}

function addressOf({ text, deck, state }: Filter): string {
  const query = new URLSearchParams();
  if (text) query.set('q', text);
  if (deck) query.set('deck', deck);
  if (state !== 'any') query.set('state', state);
  const words = query.toString();
  return words ? `/cards?${words}` : '/cards';
}

interface Filters {
  filter: Filter;
  decks: readonly DeckRow[];
  onChange: (patch: Partial<Filter>) => void;
}

function Filters({ filter, decks, onChange }: Filters) {
  const id = useId();
  const [typed, setTyped] = useState(filter.text);
  useEffect(() => setTyped(filter.text), [filter.text]);
  useEffect(() => {
    if (typed === filter.text) return;
    const timer = setTimeout(() => onChange({ text: typed }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const choices: [string, string][] = decks.map((deck) => [deck.id, deck.name.replaceAll('::', ' › ')]);
  return (
    <div class="stack">
      <div class="field">
        <label for={id} class="unseen">
          {t('search')}
        </label>
        <input
          id={id}
          type="search"
          placeholder={t('searchHint')}
          value={typed}
          autocomplete="off"
          enterkeyhint="search"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <div class="filters">
        <Select
          id={`${id}-deck`}
          label={t('deck')}
          value={filter.deck}
          choices={[['', t('allDecks')], ...choices]}
          onChange={(deck) => onChange({ deck })}
        />
        <Select
          id={`${id}-state`}
          label={t('state')}
          value={filter.state}
          choices={states.map(([state, word]) => [state, t(word)])}
          onChange={(state) => onChange({ state })}
        />
      </div>
    </div>
  );
}

/** The pages found so far; a change of the filter or of the cards starts with the first page again. */
function usePages(filter: Filter) {
  const { text, deck, state } = filter;
  const [pages, setPages] = useState<readonly NotePage[] | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const changes = version('cards') + version('content');
  const read = (after: string | null, before: readonly NotePage[], current: () => boolean) =>
    store()
      .browse({ ...queryOf({ text, deck, state }), ...(after !== null && { after }) })
      .then(
        (page) => current() && setPages([...before, page]),
        (error: unknown) => current() && setFailed(String(error)),
      );
  useEffect(() => {
    let current = true;
    void read(null, [], () => current);
    return () => {
      current = false;
    };
  }, [text, deck, state, changes]);
  const next = pages?.at(-1)?.next ?? null;
  const more = next === null ? null : () => void read(next, pages ?? [], () => true);
  return { pages, failed, more };
}

function Found({ filter, decks, onClear }: { filter: Filter; decks: readonly DeckRow[]; onClear: () => void }) {
  const { pages, failed, more } = usePages(filter);
  if (failed !== null) return <FailedToRead reason={failed} />;
  if (!pages) return <Loading />;
  const found = pages.flatMap((page) => page.items.flatMap(({ note, cards }) => cards.map((card) => ({ note, card }))));
  const filtered = filter.text !== '' || filter.deck !== '' || filter.state !== 'any';
  if (found.length === 0) return <NothingFound words={filter.text} filtered={filtered} onClear={onClear} />;
  const names = new Map(decks.map((deck) => [deck.id, deck.name]));
  return (
    <>
      <ul class="rows" aria-label={t('cards')}>
        {found.map(({ note, card }) => (
          <li key={card.id}>
            <CardLink note={note} card={card} deck={names.get(card.deck_id) ?? ''} />
          </li>
        ))}
      </ul>
      {more && (
        <button type="button" class="button" onClick={more}>
          {t('showMore')}
        </button>
      )}
      <p class="unseen" role="status">
        {t('found', { n: found.length })}
      </p>
    </>
  );
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

function CardLink({ note, card, deck }: { note: NoteRow; card: CardRow; deck: string }) {
  const front = plain(faceOf(note, card)?.front ?? '', note.format);
  return (
    <a class="row" href={`/cards/${card.id}`}>
      <span class="grow">
        <span class="clip" lang={tongueOf(front)}>
          {front}
        </span>
        <span class="muted small">
          {[
            deck,
            stateWords(card, today.value),
            card.flag > 0 && t('flagged'),
            otherVersions(note).length > 0 && t('conflict'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      <Icon name="forward" />
    </a>
  );
}

/** The side of the note that this card asks; undefined when the text no longer makes it. */
export function faceOf(note: NoteRow, card: CardRow) {
  try {
    return faces(note.kind, note.fields).find((face) => face.ordinal === card.ordinal);
  } catch {
    return undefined;
  }
}

/** Where the card stands, in a few words: new, learning, suspended, or the day it is due. */
function stateWords(card: CardRow, day: number): string {
  if (card.suspended) return t('stateSuspended');
  if (card.phase === 0) return t('stateNew');
  if (card.phase !== 2 || card.due_day === null) return t('stateLearning');
  return t('dueOn', { day: dayFrom(day, Math.max(card.due_day, card.buried_until ?? card.due_day)) });
}
