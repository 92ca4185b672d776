// The search field with its filters; what they mean together is one search.
import { useEffect, useId, useState } from 'preact/hooks';
import type { Reason, SearchInvalid } from '../search';
import type { Order } from '../store';
import type { DeckRow } from '../wire';
import { type PlainKey, t } from '../words';
import { Select } from './fields';

const TYPING_MS = 150;

const states = [
  ['any', 'stateAny'],
  ['new', 'stateNew'],
  ['learning', 'stateLearning'],
  ['review', 'stateReview'],
  ['due', 'stateDue'],
  ['suspended', 'stateSuspended'],
  ['flagged', 'stateFlagged'],
  ['leech', 'stateLeech'],
] as const;
type State = (typeof states)[number][0];

const orderWords: Readonly<Record<Order, PlainKey>> = {
  deck: 'sortDeck',
  newest: 'sortNewest',
  due: 'sortDue',
  lapses: 'sortLapses',
  difficulty: 'sortDifficulty',
  text: 'sortText',
};
export const ORDERS = Object.keys(orderWords) as [Order, ...Order[]];

export interface Filter {
  text: string;
  /** A deck's id, "" for all. */
  deck: string;
  state: State;
  order: Order;
}

export function filterOf(query: Readonly<Record<string, string>>): Filter {
  return {
    text: query.q ?? '',
    deck: query.deck ?? '',
    state: states.find(([state]) => state === query.state)?.[0] ?? 'any',
    order: ORDERS.find((order) => order === query.order) ?? ORDERS[0],
  };
}

export function addressOf({ text, deck, state, order }: Filter): string {
  const query = new URLSearchParams();
  if (text) query.set('q', text);
  if (deck) query.set('deck', deck);
  if (state !== 'any') query.set('state', state);
  if (order !== ORDERS[0]) query.set('order', order);
  const words = query.toString();
  return words ? `/cards?${words}` : '/cards';
}

/** The filter as one search. */
export function searchOf({ text, deck, state }: Filter, decks: readonly DeckRow[]): string {
  const name = decks.find(({ id }) => id === deck)?.name;
  const parts = [
    text.trim() && (/\bor\b/i.test(text) ? `(${text})` : text),
    name && `deck:"${name.replace(/["“”＂\\]/g, '\\$&')}"`,
    state !== 'any' && `is:${state}`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** The words of a search that is nothing but words, to repeat them; "" when it is more than that. */
export function wordsOf({ text, deck, state }: Filter): string {
  return deck === '' && state === 'any' && !/[:"“(（]|\bor\b/i.test(text) ? text.trim() : '';
}

/** What may stand behind a key, in words of the search itself. */
const KNOWN: Readonly<Record<string, string>> = {
  is: 'new learning review due suspended buried flagged leech',
  kind: 'basic reverse cloze list type choice anki',
  flag: '0–7',
};

const reasonWords: Readonly<Record<Reason, (words: string) => string>> = {
  'quote-open': () => t('searchQuoteOpen'),
  'bracket-open': () => t('searchBracketOpen'),
  'bracket-empty': () => t('searchBracketEmpty'),
  'key-unknown': (words) => t('searchKeyUnknown', { words }),
  'value-missing': (words) => t('searchValueMissing', { words }),
  'value-unknown': (words) => t('searchValueUnknown', { words, known: KNOWN[words.split(':')[0] ?? ''] ?? '' }),
  'number-unknown': (words) => t('searchNumberUnknown', { words }),
  'nothing-beside': (words) => t('searchNothingBeside', { words }),
  'too-long': () => t('searchTooLong'),
};

interface Filters {
  filter: Filter;
  decks: readonly DeckRow[];
  problem: SearchInvalid | null;
  onChange: (patch: Partial<Filter>) => void;
}

export function Filters({ filter, decks, problem, onChange }: Filters) {
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
    <div class="stack tight">
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
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="search"
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <p class="wrong small" id={`${id}-problem`} role="status">
          {problem && reasonWords[problem.reason](problem.words)}
        </p>
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
        <Select
          id={`${id}-order`}
          label={t('sortBy')}
          value={filter.order}
          choices={ORDERS.map((order) => [order, t(orderWords[order])])}
          onChange={(order) => onChange({ order })}
        />
        <Syntax onPick={(example) => setTyped(typed.trim() ? `${typed.trim()} ${example}` : example)} />
      </div>
    </div>
  );
}

const examples: readonly (readonly [example: string, word: PlainKey])[] = [
  ['deck:', 'syntaxDeck'],
  ['tag:', 'syntaxTag'],
  ['tag:none', 'syntaxNoTag'],
  ['is:due', 'syntaxDue'],
  ['is:leech', 'syntaxLeech'],
  ['flag:1', 'syntaxFlag'],
  ['kind:cloze', 'syntaxKind'],
  ['prop:lapses>3', 'syntaxLapses'],
  ['prop:due<=7', 'syntaxSoon'],
  ['prop:interval>=21', 'syntaxInterval'],
  ['""', 'syntaxQuoted'],
  ['-', 'syntaxNot'],
  ['OR', 'syntaxOr'],
];

function Syntax({ onPick }: { onPick: (example: string) => void }) {
  return (
    <details>
      <summary>{t('syntax')}</summary>
      <ul class="rows">
        {examples.map(([example, word]) => (
          <li key={example}>
            <button type="button" class="row" onClick={() => onPick(example)}>
              <code>{example}</code>
              <span class="grow muted">{t(word)}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
