// Why a card comes up when it does, in sentences.
import { retrievability } from '../schedule';
import { store, today } from '../state/device';
import type { CardView } from '../store';
import { number, percent, t } from '../words';
import { clock, dateOfDay, dayFrom, days } from '../words/time';

export function WhyDue({ view }: { view: CardView }) {
  const { card } = view;
  const chance = chanceNow(view);
  return (
    <>
      <p>{reasonFor(view)}</p>
      {chance !== null && card.stability !== null && (
        <p>
          {t('whyNow', { share: percent(chance), stability: days(Math.max(1, Math.round(card.stability)), 'long') })}
        </p>
      )}
      {card.reps > 0 && (
        <p class="muted">{t('repsLapses', { reps: number(card.reps), lapses: number(card.lapses) })}</p>
      )}
    </>
  );
}

function chanceNow({ card }: CardView): number | null {
  return card.phase === 0 ? null : retrievability(card, today.value, store().parameters());
}

function reasonFor({ card, deck }: CardView): string {
  const day = today.value;
  if (card.suspended) return t('whySuspended');
  if (card.buried_until !== null && card.buried_until > day) {
    return t('whyBuried', { day: dayFrom(day, card.buried_until) });
  }
  if (card.phase === 0) return t('whyNew');
  if (card.due_at !== null) return t('whyLearning', { time: clock(card.due_at + Date.now() - store().now()) });
  if (card.due_day === null || card.last_day === null) return t('whyNew');
  const share = store().optionsOf(deck).desired_retention.value;
  return t('whyReview', {
    day: dayFrom(day, card.due_day),
    date: dateOfDay(card.due_day),
    last: dayFrom(day, card.last_day),
    share: percent(share),
  });
}
