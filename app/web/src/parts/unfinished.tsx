import { useStored } from '../state/device';
import type { Store } from '../store';
import { draftsIn } from '../store/device';
import { t } from '../words';

function unfinished(device: Store): Promise<number> {
  return device.engine.run(
    'readonly',
    ['meta'],
    async (tx) => (await draftsIn(tx)).filter(({ value }) => value).length,
  );
}

/** What is half written goes when this device gets another owner or none: said before, with the way to it. */
export function Unfinished() {
  const stored = useStored(unfinished, ['learner', 'content']);
  if (stored.state !== 'ready' || stored.value === 0) return null;
  return (
    <p class="wrong">
      {t('unfinished', { n: stored.value })} <a href="/notes/new">{t('unfinishedGoOn')}</a>
    </p>
  );
}
