import { useStored } from '../state/device';
import type { Store } from '../store';
import { draftsIn, UI, UNSAVED } from '../store/device';
import { t } from '../words';

/** The pages on which something is half written. */
function unfinished(device: Store): Promise<string[]> {
  return device.engine.run('readonly', ['meta'], async (tx) => {
    const drafts = (await draftsIn(tx)).filter(({ value }) => value);
    return drafts.map(({ name }) => `/notes/${name.slice(UI.length + UNSAVED.length)}`);
  });
}

/** What is half written goes when this device gets another owner or none: said before, with the way to it. */
export function Unfinished() {
  const stored = useStored(unfinished, ['learner', 'content']);
  const [first] = stored.state === 'ready' ? stored.value : [];
  if (stored.state !== 'ready' || !first) return null;
  return (
    <p class="wrong">
      {t('unfinished', { n: stored.value.length })} <a href={first}>{t('unfinishedGoOn')}</a>
    </p>
  );
}
