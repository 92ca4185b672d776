import { type Proof, signIn } from '../state/account';
import { t } from '../words';
import { useServerAct } from './asked';
import { NotDone } from './not_done';
import { Sheet } from './sheet';
import { say } from './toast';
import { Unfinished } from './unfinished';

interface AddOrApart {
  proof: Proof;
  /** Of the account; null where another device let this one in. */
  name: string | null;
  onDone?: () => void;
  onClose: () => void;
}

/** What was studied here without an account: never added, and never put aside, without being asked. */
export function AddOrApart({ proof, name, onDone, onClose }: AddOrApart) {
  const { busy, failed, act } = useServerAct();
  const choose = async (keeping: 'unite' | 'apart') => {
    if (busy || !(await act(() => signIn(proof, keeping)))) return;
    say(t(keeping === 'apart' ? 'keptInFile' : name === null ? 'addedThere' : 'addedToAccount'));
    onClose();
    onDone?.();
  };
  return (
    <Sheet title={t('addOrApart')} onClose={onClose}>
      <div class="stack">
        <p class="note">{name === null ? t('addThereHint') : t('addHint', { name })}</p>
        <button type="button" class="button main" aria-disabled={busy} onClick={() => void choose('unite')}>
          {t(name === null ? 'addThere' : 'addToAccount')}
        </button>
        <p class="note">{t(name === null ? 'apartThereHint' : 'apartHint')}</p>
        <Unfinished />
        <button type="button" class="button" aria-disabled={busy} onClick={() => void choose('apart')}>
          {t('keepApart')}
        </button>
        <NotDone failed={failed} but={t('nothingLost')} />
      </div>
    </Sheet>
  );
}
