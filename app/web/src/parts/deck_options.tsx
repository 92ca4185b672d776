// How a deck is studied: each option as the deck above it, or the learner, says; or its own, with one tap back.
import type { ComponentChildren } from 'preact';
import { usualOptions } from '../deck_options';
import { store } from '../state/device';
import { parameters, settings } from '../state/settings';
import { write } from '../state/writer';
import { Shelf } from '../store/shelf';
import type { DeckRow, OptionChanges, OptionName, WholeOptions } from '../wire';
import { language, number, type PlainKey, percent, t } from '../words';
import { tongueName } from '../words/tongues';
import { NumberRow, RangeRow, SelectRow } from './fields';

const MOST_A_DAY = 9999;

type Words = { readonly [Name in OptionName]: (value: WholeOptions[Name]) => string };
type Choices<V extends string> = Readonly<Record<V, PlainKey>>;

const NEW_ORDERS: Choices<WholeOptions['new_order']> = { position: 'orderPosition', random: 'orderRandom' };
const REVIEW_ORDERS: Choices<Exclude<WholeOptions['review_order'], 'known'>> = {
  due: 'orderDue',
  random: 'orderRandom',
  retrievability: 'orderRetrievability',
};
const MIXES: Choices<WholeOptions['mix']> = {
  mix: 'mixMixed',
  'new-first': 'mixNewFirst',
  'reviews-first': 'mixReviewsFirst',
};
const READS: Choices<WholeOptions['read_aloud']> = { off: 'readOff', question: 'readQuestion', both: 'readBoth' };
const VOICES = ['auto', 'zh-CN', 'zh-HK', 'zh-TW', 'en', 'ja', 'ko', 'fr', 'de', 'es', 'ru'] as const;

const WORDS: Words = {
  new_per_day: number,
  reviews_per_day: number,
  new_order: (value) => t(NEW_ORDERS[value]),
  review_order: (value) => (value === 'known' ? '' : t(REVIEW_ORDERS[value])),
  mix: (value) => t(MIXES[value]),
  desired_retention: percent,
  read_aloud: (value) => t(READS[value]),
  voice: (value) => (value === 'auto' ? t('voiceAuto') : tongueName(value, language.value)),
};
/** Options that the learner's settings have too. */
const IN_SETTINGS: readonly OptionName[] = ['new_per_day', 'reviews_per_day', 'desired_retention', 'read_aloud'];

/** One option: what counts, who says so where the deck itself does not, and what would count without the deck's own word. */
interface Told<Name extends OptionName> {
  option: Name;
  value: WholeOptions[Name];
  hint: string | undefined;
  own: boolean;
  onChange: (value: WholeOptions[Name]) => void;
  back: { words: string; act: () => void };
}

export function Options({ deck, decks }: { deck: DeckRow; decks: readonly DeckRow[] }) {
  const shelf = new Shelf(decks);
  const usual = usualOptions(settings.value, parameters.value?.desired_retention ?? 0.9);
  const options = shelf.options(deck.id, usual);
  const upper = shelf.above.get(deck.id);
  const inherited = upper === undefined ? null : shelf.options(upper, usual);
  const told = <Name extends OptionName>(name: Name): Told<Name> => {
    const { value, deck_id } = options[name];
    const own = deck_id === deck.id;
    const from = inherited?.[name].deck_id ?? null;
    const source = sourceOf(name, from === null ? undefined : shelf.name(from));
    const without = inherited ? inherited[name].value : usual[name];
    const words = t('optionBack', { source, value: WORDS[name](without as never) });
    return {
      option: name,
      value,
      own,
      hint: own ? undefined : t('optionInherited', { source }),
      onChange: (chosen) => save(deck, { [name]: chosen }),
      back: { words, act: () => save(deck, { [name]: null }) },
    };
  };
  return (
    <section aria-labelledby="options">
      <h2 id="options">{t('deckOptions')}</h2>
      <div class="rows">
        <Limit label={t('newPerDay')} told={told('new_per_day')} />
        <Limit label={t('reviewsPerDay')} told={told('reviews_per_day')} />
        <Choice label={t('newOrder')} told={told('new_order')} among={Object.keys(NEW_ORDERS)} />
        <Choice label={t('reviewOrder')} told={told('review_order')} among={Object.keys(REVIEW_ORDERS)} />
        <Choice label={t('mix')} told={told('mix')} among={Object.keys(MIXES)} />
        <Retention told={told('desired_retention')} />
        <Choice label={t('readByItself')} told={told('read_aloud')} among={Object.keys(READS)} />
        <Choice label={t('voice')} told={told('voice')} among={VOICES} />
      </div>
    </section>
  );
}

function sourceOf(name: OptionName, deck: string | undefined): string {
  if (deck !== undefined) return t('optionOfDeck', { deck: deck.replaceAll('::', ' › ') });
  return t(IN_SETTINGS.includes(name) ? 'optionOfSettings' : 'optionOfDefaults');
}

/** Says only what changes, so that two phones can change different options; null takes the deck's own word off. */
function save(deck: DeckRow, options: OptionChanges): void {
  write(() => store().edit({ entity: 'deck', op: 'update', entity_id: deck.id, fields: { options } }));
}

type Place = Pick<Told<OptionName>, 'option' | 'own' | 'back'>;

function Option({ told, children }: { told: Place; children: ComponentChildren }) {
  return (
    <div data-option={told.option}>
      {children}
      {told.own && (
        <button type="button" class="row back" onClick={told.back.act}>
          {told.back.words}
        </button>
      )}
    </div>
  );
}

function Limit({ label, told }: { label: string; told: Told<'new_per_day'> | Told<'reviews_per_day'> }) {
  const { value, hint, onChange } = told;
  return (
    <Option told={told}>
      <NumberRow label={label} hint={hint} value={value} least={0} most={MOST_A_DAY} onChange={onChange} />
    </Option>
  );
}

type Worded = 'new_order' | 'review_order' | 'mix' | 'read_aloud' | 'voice';

function Choice<Name extends Worded>(props: { label: string; told: Told<Name>; among: readonly string[] }) {
  const { option, value, hint, onChange } = props.told;
  const choices = props.among.map((each) => [each as WholeOptions[Name], WORDS[option](each as never)] as const);
  return (
    <Option told={props.told}>
      <SelectRow label={props.label} hint={hint} value={value} choices={choices} onChange={onChange} />
    </Option>
  );
}

function Retention({ told }: { told: Told<'desired_retention'> }) {
  const { value, hint, onChange } = told;
  return (
    <Option told={told}>
      <RangeRow
        label={t('retention')}
        hint={hint ?? t('retentionHint')}
        value={value}
        least={0.7}
        most={0.97}
        step={0.01}
        words={percent}
        onChange={onChange}
      />
    </Option>
  );
}
