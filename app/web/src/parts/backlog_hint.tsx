// Much lies about: the pace can be changed. Who does not want it is not asked again for a week.
import { lateReviews } from '../state/backlog';
import { store, today, useStored } from '../state/device';
import { settings } from '../state/settings';
import { t } from '../words';

const SEEN = 'backlog-hint-seen';
const QUIET_DAYS = 7;
const MANY = 100;

export function BacklogHint() {
  const stored = useStored(
    async (device) => {
      const seen = Number((await device.recall(SEEN)) ?? 0);
      return device.today() - seen < QUIET_DAYS ? 0 : await lateReviews(device);
    },
    ['cards', 'learner'],
  );
  if (stored.state !== 'ready' || stored.value < MANY || settings.value.catch_up !== null) return null;
  const seen = async (event: MouseEvent) => {
    const hint = (event.currentTarget as Element).closest<HTMLElement>('.banner');
    await store().remember(SEEN, today.peek());
    if (hint) hint.hidden = true;
  };
  return (
    <div class="banner plain">
      <span>{t('backlogHint', { n: stored.value })}</span>
      <a class="button" href="/me#pace">
        {t('backlogPlan')}
      </a>
      <button type="button" class="button" onClick={(event) => void seen(event)}>
        {t('backlogNot')}
      </button>
    </div>
  );
}
