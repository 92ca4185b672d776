import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { countWords } from '../parts/counts';
import { NumberRow, RangeRow, SelectRow, SwitchRow, TextField } from '../parts/fields';
import { Sheet } from '../parts/sheet';
import { FailedToRead, Loading, Missing } from '../parts/states';
import { TakeOut } from '../parts/take_out';
import { say } from '../parts/toast';
import { store, useStored } from '../state/device';
import { parameters } from '../state/settings';
import { write } from '../state/writer';
import type { DeckCounts } from '../store';
import { changesOf } from '../store/edits';
import type { DeckOptions, DeckRow, ReadAloud, Voice } from '../wire';
import { language, percent, t } from '../words';
import { tongueName } from '../words/tongues';

const MOST_A_DAY = 9999;
const USUAL = { new_per_day: 20, reviews_per_day: 200, desired_retention: 0.9 };

/** One deck: study it, browse it, and how it is studied. */
export default function Deck({ params }: { params: { id: string } }) {
  const stored = useStored(
    async (device) => {
      const deck = await device.deck(params.id);
      const below = (await device.decks()).some((other) => other.name.startsWith(`${deck?.name}::`));
      return { deck, below, counts: (await device.counts()).decks.get(params.id) };
    },
    ['content', 'cards'],
    [params.id],
  );
  const deck = stored.state === 'ready' ? stored.value.deck : null;
  return (
    <>
      <Banners update />
      <Bar title={deck?.name.replaceAll('::', ' › ') ?? t('deck')} back="/" />
      <main class="page stack wide" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {stored.state === 'ready' && !deck && <Missing words={t('deckMissing')} />}
        {stored.state === 'ready' && deck && (
          <Whole deck={deck} below={stored.value.below} counts={stored.value.counts} />
        )}
      </main>
    </>
  );
}

function Whole({ deck, below, counts }: { deck: DeckRow; below: boolean; counts: DeckCounts | undefined }) {
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
      <Options deck={deck} />
      <TakeOut deck={{ ...deck, below }} />
      <Rename deck={deck} key={deck.name} />
      <Remove deck={deck} />
    </>
  );
}

function Options({ deck }: { deck: DeckRow }) {
  const { options } = deck;
  const change = (whole: DeckOptions) =>
    write(() =>
      store().edit({
        entity: 'deck',
        op: 'update',
        entity_id: deck.id,
        fields: { options: changesOf(options, whole) },
      }),
    );
  return (
    <section aria-labelledby="options">
      <h2 id="options">{t('deckOptions')}</h2>
      <div class="rows">
        <NumberRow
          label={t('newPerDay')}
          value={options.new_per_day ?? USUAL.new_per_day}
          least={0}
          most={MOST_A_DAY}
          onChange={(new_per_day) => change({ ...options, new_per_day })}
        />
        <NumberRow
          label={t('reviewsPerDay')}
          value={options.reviews_per_day ?? USUAL.reviews_per_day}
          least={0}
          most={MOST_A_DAY}
          onChange={(reviews_per_day) => change({ ...options, reviews_per_day })}
        />
        <Orders options={options} onChange={change} />
        <Retention options={options} onChange={change} />
        <Aloud options={options} onChange={change} />
      </div>
    </section>
  );
}

interface Part {
  options: DeckOptions;
  /** Gets the whole options: what is left out goes back to the usual. */
  onChange: (whole: DeckOptions) => void;
}

function Orders({ options, onChange }: Part) {
  return (
    <>
      <SelectRow
        label={t('newOrder')}
        value={options.new_order ?? 'position'}
        choices={[
          ['position', t('orderPosition')],
          ['random', t('orderRandom')],
        ]}
        onChange={(new_order) => onChange({ ...options, new_order })}
      />
      <SelectRow
        label={t('reviewOrder')}
        value={options.review_order ?? 'due'}
        choices={[
          ['due', t('orderDue')],
          ['random', t('orderRandom')],
          ['retrievability', t('orderRetrievability')],
        ]}
        onChange={(review_order) => onChange({ ...options, review_order })}
      />
      <SelectRow
        label={t('mix')}
        value={options.mix ?? 'mix'}
        choices={[
          ['mix', t('mixMixed')],
          ['new-first', t('mixNewFirst')],
          ['reviews-first', t('mixReviewsFirst')],
        ]}
        onChange={(mix) => onChange({ ...options, mix })}
      />
    </>
  );
}

function Retention({ options, onChange }: Part) {
  const own = options.desired_retention;
  const common = parameters.value?.desired_retention ?? USUAL.desired_retention;
  const without = () => {
    const { desired_retention: _own, ...rest } = options;
    return rest;
  };
  return (
    <>
      <SwitchRow
        label={t('retentionOwn')}
        hint={own === undefined ? t('retentionCommon', { share: percent(common) }) : undefined}
        on={own !== undefined}
        onChange={(on) => onChange(on ? { ...options, desired_retention: common } : without())}
      />
      {own !== undefined && (
        <RangeRow
          label={t('retention')}
          hint={t('retentionHint')}
          value={own}
          least={0.7}
          most={0.97}
          step={0.01}
          words={percent}
          onChange={(desired_retention) => onChange({ ...options, desired_retention })}
        />
      )}
    </>
  );
}

const VOICES = ['zh-CN', 'zh-HK', 'zh-TW', 'en', 'ja', 'ko', 'fr', 'de', 'es', 'ru'] as const satisfies Voice[];

/** What is read aloud by itself, and by a voice of which language. */
function Aloud({ options, onChange }: Part) {
  const { read_aloud, voice, ...rest } = options;
  return (
    <>
      <SelectRow<ReadAloud | 'usual'>
        label={t('readByItself')}
        value={read_aloud ?? 'usual'}
        choices={[
          ['usual', t('readUsual')],
          ['off', t('readOff')],
          ['question', t('readQuestion')],
          ['both', t('readBoth')],
        ]}
        onChange={(chosen) =>
          onChange({ ...rest, ...(voice && { voice }), ...(chosen !== 'usual' && { read_aloud: chosen }) })
        }
      />
      <SelectRow<Voice | 'auto'>
        label={t('voice')}
        value={voice ?? 'auto'}
        choices={[['auto', t('voiceAuto')], ...VOICES.map((tag) => [tag, tongueName(tag, language.value)] as const)]}
        onChange={(chosen) =>
          onChange({ ...rest, ...(read_aloud && { read_aloud }), ...(chosen !== 'auto' && { voice: chosen }) })
        }
      />
    </>
  );
}

function Rename({ deck }: { deck: DeckRow }) {
  const [name, setName] = useState(deck.name);
  const trimmed = name.trim().normalize('NFC');
  const changed = trimmed !== '' && trimmed !== deck.name;
  const rename = (event: SubmitEvent) => {
    event.preventDefault();
    if (!changed) return;
    write(async () => {
      await store().edit({ entity: 'deck', op: 'update', entity_id: deck.id, fields: { name: trimmed } });
      say(t('saved'));
    });
  };
  return (
    <form class="stack" onSubmit={rename}>
      <TextField
        label={t('deckName')}
        value={name}
        onInput={setName}
        wrong={trimmed ? undefined : t('fieldEmpty', { field: t('deckName') })}
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
