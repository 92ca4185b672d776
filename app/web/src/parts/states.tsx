// Loading, failing, missing: designed once.
import { keepsNothing } from '../state/device';
import { t } from '../words';

export function Loading() {
  return (
    <p class="loading" role="status">
      {t('loading')}
    </p>
  );
}

/** The device's own data could not be read: what is safe, and a way on. */
export function FailedToRead({ reason }: { reason?: string }) {
  return (
    <div class="empty" role="alert">
      <h2>{t('cannotOpen')}</h2>
      <p>{t('cannotOpenSafe')}</p>
      <button type="button" class="button main" onClick={() => location.reload()}>
        {t('reload')}
      </button>
      {reason && <p class="muted small">{t('reason', { reason })}</p>}
    </div>
  );
}

/** A fault of the app itself. */
export function Broken({ error }: { error: Error }) {
  return (
    <main class="page">
      <div class="empty" role="alert">
        <h1>{t('somethingWrong')}</h1>
        {!keepsNothing() && <p>{t('somethingWrongSafe')}</p>}
        <button type="button" class="button main" onClick={() => location.reload()}>
          {t('reload')}
        </button>
        <p class="muted small">{t('reason', { reason: String(error) })}</p>
      </div>
    </main>
  );
}

/** The server said no, or was not to be reached. */
export function FailedToReach({ problem, onRetry }: { problem: string | null; onRetry: () => void }) {
  return (
    <div class="empty" role="alert">
      <h2>{problem ?? t('cannotReach')}</h2>
      {!keepsNothing() && <p>{t('cannotReachSafe')}</p>}
      <button type="button" class="button main" onClick={onRetry}>
        {t('retry')}
      </button>
    </div>
  );
}

export function Missing({ words }: { words: string }) {
  return (
    <div class="empty">
      <p>{words}</p>
      <a class="button main" href="/">
        {t('toHome')}
      </a>
    </div>
  );
}
