import { store, today, useStored } from '../state/device';
import { t } from '../words';

const SEEN = 'install-hint-seen';
const AFTER_ANSWERS = 10;

/** Said once, after ten answers, where the app does not run from the home screen yet. */
export function InstallHint() {
  const stored = useStored(
    async (device) => !(await device.recall(SEEN)) && (await device.summary(today.peek())).answers >= AFTER_ANSWERS,
    ['cards', 'learner'],
  );
  const installed = matchMedia('(display-mode: standalone)').matches;
  if (installed || stored.state !== 'ready' || !stored.value) return null;
  return <Hint />;
}

function Hint() {
  const seen = async (event: MouseEvent) => {
    const hint = (event.currentTarget as Element).closest<HTMLElement>('.banner');
    await store().remember(SEEN, true);
    if (hint) hint.hidden = true;
  };
  return (
    <div class="banner plain">
      <span>{t('installHint')}</span>
      <button type="button" class="button" onClick={(event) => void seen(event)}>
        {t('gotIt')}
      </button>
    </div>
  );
}
