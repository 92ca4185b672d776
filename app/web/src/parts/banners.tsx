// One line at the top for what the learner should know; none of them blocks studying.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { keepsNothing, syncStatus } from '../state/device';
import { learner } from '../state/settings';
import { flush, trouble, unwritten } from '../state/writer';
import { t } from '../words';

export const online = signal(navigator.onLine);
/** Switches to the waiting version of the app; offered on lists and on the summary, never in mid card. */
export const takeUpdate = signal<(() => void) | null>(null);

export function followNetwork(): void {
  const look = () => {
    online.value = navigator.onLine;
  };
  addEventListener('online', look);
  addEventListener('offline', look);
}

export function Banners({ update }: { update?: boolean }) {
  return (
    <div class="banners">
      {update && <Update />}
      <Offline />
      {syncStatus.value.phase === 'signed-out' && <SignedOut />}
      <Unwritten />
    </div>
  );
}

/** A new version waits, or the server asks for one: then it is looked for. */
function Update() {
  const outdated = syncStatus.value.phase === 'outdated';
  const take = takeUpdate.value ?? (() => void renewApp());
  if (!outdated && !takeUpdate.value) return null;
  return (
    <div class={outdated ? 'banner' : 'banner plain'} role="status">
      <span>{outdated ? t('appTooOld') : t('updateReady')}</span>
      <button type="button" class="button" onClick={take}>
        {t('updateNow')}
      </button>
    </div>
  );
}

async function renewApp(): Promise<void> {
  await navigator.serviceWorker?.getRegistration().then(
    (it) => it?.update(),
    () => undefined,
  );
  // A version that came just now is offered in this very place; without one the page itself is asked for again.
  if (!takeUpdate.peek()) location.reload();
}

function SignedOut() {
  const named = learner.value?.kind === 'named';
  return (
    <a class="banner" href="/me/account">
      <span>{named ? t('signedOut') : t('backupLost')}</span> {named ? t('signIn') : t('renew')}
    </a>
  );
}

function Offline() {
  const offline = !online.value || syncStatus.value.phase === 'offline';
  const forbidden = keepsNothing();
  useWarning(forbidden && syncStatus.value.unsent > 0);
  const said = forbidden ? (offline ? 'offlineForbidden' : 'storageForbidden') : offline && 'offline';
  return (
    <div role="status">
      {said && (
        <div class="banner line">
          <span>{t(said)}</span>
        </div>
      )}
    </div>
  );
}

/** The browser asks before it closes a page that holds what is nowhere else. */
function useWarning(needed: boolean): void {
  useEffect(() => {
    if (!needed) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [needed]);
}

/** An answer that is not on the disk: it says so at once, keeps it in memory and offers to try again. */
function Unwritten() {
  const failed = trouble.value;
  useWarning(failed !== null);
  if (!failed) return null;
  return (
    <div class="banner bad" role="alert">
      <span>{t(failed === 'full' ? 'storageFull' : 'saveFailed', { n: unwritten.value })}</span>
      <button type="button" class="button" onClick={() => void flush()}>
        {t('retry')}
      </button>
    </div>
  );
}
