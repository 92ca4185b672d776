// Everything that a review needs, within the thumb's reach: show, rate, undo, read aloud.

import { plain } from '../plain';
import { tongueFor } from '../read_aloud';
import type { Preview } from '../schedule';
import { store } from '../state/device';
import type { Act, Shown } from '../state/session';
import { hush, speak, speaking, voiceFor } from '../state/speech';
import type { Kind, Rating } from '../wire';
import { type PlainKey, t } from '../words';
import { interval } from '../words/time';
import { Icon, type IconName } from './icon';

export const ratingWords: Readonly<Record<Rating, PlainKey & IconName>> = {
  1: 'again',
  2: 'hard',
  3: 'good',
  4: 'easy',
};
const actWords: Readonly<Record<Kind, PlainKey>> = {
  answer: 'actAnswer',
  undo: 'actUndo',
  suspend: 'actSuspend',
  unsuspend: 'actUnsuspend',
  bury: 'actBury',
  flag: 'actFlag',
  reset: 'actReset',
  due: 'actDue',
  seed: 'actSeed',
};

/** What an event did, in a word: the rating of an answer, else the act. */
export function actWord(act: { kind: Kind; rating: Rating | null }): string {
  return t(act.rating === null ? actWords[act.kind] : ratingWords[act.rating]);
}

export function UndoButton({ act, onUndo }: { act: Act; onUndo: () => void }) {
  return (
    <button type="button" class="button" onClick={onUndo} aria-keyshortcuts="z u">
      <Icon name="undo" />
      {t('undoAnswer', { what: actWord(act) })}
      <span class="key" aria-hidden="true">
        Z
      </span>
    </button>
  );
}

/** Reads the side on screen; not there when the device has no voice for its language. */
export function AloudButton({ shown }: { shown: Shown }) {
  const { text, tongue } = aloud(shown);
  if (!voiceFor(tongue)) return null;
  const act = () => (speaking.value ? hush() : speak(text, tongue));
  return (
    <button type="button" class="button" onClick={act} aria-keyshortcuts="r">
      <Icon name={speaking.value ? 'stop' : 'sound'} />
      {speaking.value ? t('stopReading') : t('readAloud')}
      <span class="key" aria-hidden="true">
        R
      </span>
    </button>
  );
}

export function aloud({ view, side }: Shown): { text: string; tongue: string } {
  const text = plain(side === 'front' ? view.front : view.back, view.note.format);
  return { text, tongue: tongueFor(text, store().optionsOf(view.deck).voice.value) };
}

export function ShowButton({ onShow }: { onShow: () => void }) {
  return (
    <button type="button" class="button main big" onClick={onShow} aria-keyshortcuts="Space">
      {t('showAnswer')}
      <kbd class="key">{t('keySpace')}</kbd>
    </button>
  );
}

interface Ratings {
  previews: readonly Preview[];
  two: boolean;
  onRate: (rating: Rating) => void;
}

export function Ratings({ previews, two, onRate }: Ratings) {
  const offered = two ? previews.filter(({ rating }) => rating === 1 || rating === 3) : previews;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these four buttons act at once
    <div class={two ? 'ratings two' : 'ratings'} role="group" aria-label={t('rate')}>
      {offered.map((preview) => (
        <RatingButton key={preview.rating} preview={preview} onRate={onRate} />
      ))}
    </div>
  );
}

function RatingButton({ preview, onRate }: { preview: Preview; onRate: (rating: Rating) => void }) {
  const { rating } = preview;
  const minutes = preview.minutes ?? preview.days * 1440;
  return (
    <button
      type="button"
      class={`rating r${rating}`}
      data-rating={rating}
      onClick={() => onRate(rating)}
      aria-keyshortcuts={String(rating)}
    >
      <span>
        <Icon name={ratingWords[rating]} />
        {t(ratingWords[rating])}
      </span>
      <span class="when" aria-hidden="true">
        {interval(minutes)}
      </span>
      <span class="unseen">{t('after', { interval: interval(minutes, 'long') })}</span>
      <span class="key" aria-hidden="true">
        {rating}
      </span>
    </button>
  );
}
