// One line at the top for what the learner should know; none of them blocks studying.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { store, syncStatus } from '../state/device';
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
  const memory = store().persistence === 'memory';
  return (
    <div role="status">
      {offline && <div class="banner line">{t('offline')}</div>}
      {memory && <div class="banner line">{t('storageForbidden')}</div>}
    </div>
  );
}

/** An answer that is not on the disk: it says so at once, keeps it in memory and offers to try again. */
function Unwritten() {
  const failed = trouble.value;
  useEffect(() => {
    if (!failed) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [failed]);
  if (!failed) return null;
  return (
    <div class="banner bad" role="alert">
      <span>{failed === 'full' ? t('storageFull') : t('saveFailed', { n: unwritten.value })}</span>
      <button type="button" class="button" onClick={() => void flush()}>
        {t('retry')}
      </button>
    </div>
  );
}
