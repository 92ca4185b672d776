// What an import holds and what becomes of it, in numbers and in a few cards.
import { type Import, type Sample, type Skipped, withoutPictures } from '../imports';
import { number, type PlainKey, t } from '../words';
import { FieldText } from './text';

const figures: readonly (readonly [count: string, word: PlainKey])[] = [
  ['notes', 'imNotes'],
  ['cards', 'imCards'],
  ['reviews', 'imReviews'],
  ['media', 'imMedia'],
];

const outcomes: readonly (readonly [count: string, word: PlainKey])[] = [
  ['new', 'imNew'],
  ['updated', 'imUpdated'],
  ['unchanged', 'imUnchanged'],
  ['conflicts', 'imConflictCount'],
  ['deleted', 'imDeleted'],
  ['skipped', 'imSkippedCount'],
  ['new_cards', 'imNewCards'],
  ['new_reviews', 'imNewReviews'],
  ['new_media', 'imNewMedia'],
  ['kept', 'imKept'],
];

export function Counts({ value: { counts } }: { value: Import }) {
  return (
    <section aria-labelledby="counts">
      <h2 id="counts">{t('imInside')}</h2>
      <dl class="figures">
        {figures.map(([count, word]) => (
          <div key={count}>
            <dt>{t(word)}</dt>
            <dd>{number(counts[count] ?? 0)}</dd>
          </div>
        ))}
      </dl>
      <table>
        <caption class="unseen">{t('imOutcome')}</caption>
        <tbody>
          {outcomes
            .filter(([count]) => (counts[count] ?? 0) > 0)
            .map(([count, word]) => (
              <tr key={count}>
                <th scope="row">{t(word)}</th>
                <td class="count">{number(counts[count] ?? 0)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

export function SkippedOf({ skipped }: { skipped: readonly Skipped[] }) {
  if (skipped.length === 0) return null;
  return (
    <section aria-labelledby="skipped">
      <h2 id="skipped">{t('imSkipped')}</h2>
      <ul class="rows">
        {skipped.map(({ what, code, title, count, names }) => (
          <li class="row wrap" key={what + code}>
            <span class="grow">
              {title}
              {names.length > 0 && <span class="muted small clip">{names.map(placeOf).join(t('imAnd'))}</span>}
            </span>
            <span class="muted">{t('imTimes', { n: count })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Notes of a table or a list have no name: the file's line tells which it was. */
function placeOf(name: string): string {
  return /^\d+$/.test(name) ? t('imLine', { n: name }) : name;
}

const MOST_DECKS = 20;

export function DecksOf({ value: { decks, decks_total } }: { value: Import }) {
  if (decks.length === 0) return null;
  const rest = decks_total - Math.min(decks.length, MOST_DECKS);
  return (
    <section aria-labelledby="decks">
      <h2 id="decks">{t('decks')}</h2>
      <ul class="rows">
        {decks.slice(0, MOST_DECKS).map(({ name, notes, cards, exists }) => (
          <li class="row" key={name}>
            <span class="grow">
              <b>{name.replaceAll('::', ' › ')}</b>
              <span class="muted small">
                {t('imDeckCounts', { notes: t('bringNotes', { n: notes }), cards: t('imDeckCards', { n: cards }) })}
                {exists && ` · ${t('imDeckExists')}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {rest > 0 && <p class="muted">{t('imMoreDecks', { n: rest })}</p>}
    </section>
  );
}

function shown(sample: Sample): Sample {
  if (sample.format !== 'text') return sample;
  const [front, back, note] = [sample.front, sample.back, sample.note].map((text) =>
    withoutPictures(text, t('aPicture')),
  ) as [string, string, string];
  return { ...sample, front, back, note };
}

export function Samples({ samples }: { samples: readonly Sample[] }) {
  if (samples.length === 0) return null;
  return (
    <section aria-labelledby="samples">
      <h2 id="samples">{t('imSamples')}</h2>
      <div class="samples">
        {samples.map(shown).map(({ front, back, note, format }, place) => (
          <dl class="sides" key={place}>
            <dt>{t('front')}</dt>
            <dd>
              <FieldText text={front} format={format} />
            </dd>
            <dt>{t('roleBack')}</dt>
            <dd>
              <FieldText text={back} format={format} />
            </dd>
            {note && (
              <>
                <dt>{t('roleNote')}</dt>
                <dd>
                  <FieldText text={note} format={format} />
                </dd>
              </>
            )}
          </dl>
        ))}
      </div>
    </section>
  );
}
