import { useKeys } from '../state/keys';
import type { Session } from '../state/session';
import { t } from '../words';

/** A break: the card is out of sight, and no time is counted. */
export function Paused({ session }: { session: Session }) {
  const resume = () => session.resume();
  useKeys({ ' ': resume, Enter: resume });
  return (
    <main class="page" id="main">
      <div class="empty" role="status">
        <h1>{t('paused')}</h1>
        <p>{t('pausedMore')}</p>
        <button type="button" class="button main big" onClick={resume}>
          {t('resume')}
        </button>
        <a class="button plain" href="/">
          {t('toHome')}
        </a>
      </div>
    </main>
  );
}
