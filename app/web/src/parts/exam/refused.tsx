// What the server would not take of an exam, and why; it stays until it has been read.
import { store } from '../../state/device';
import type { RefusedItem } from '../../store';
import { t } from '../../words';

export function Refused({ items }: { items: readonly RefusedItem[] }) {
  if (items.length === 0) return null;
  return (
    <div class="banner bad" role="alert">
      <div>
        <b>{t('examRefused')}</b>
        {items.map(({ id, problem }) => (
          <p key={id}>{problem.title}</p>
        ))}
      </div>
      <button type="button" class="button" onClick={() => void store().dismissRefused(...items.map(({ id }) => id))}>
        {t('gotIt')}
      </button>
    </div>
  );
}
