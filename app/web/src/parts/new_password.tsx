// Another password for a learner who has one.
import { useState } from 'preact/hooks';
import { ask } from '../state/server';
import { t } from '../words';
import { useServerAct } from './asked';
import { SwitchRow, TextField } from './fields';
import { NotDone } from './not_done';
import { say } from './toast';

export const LEAST_PASSWORD = 15;

export function NewPassword({ name }: { name: string }) {
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [seen, setSeen] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, failed, act } = useServerAct();
  const none = old === '' ? t('fieldEmpty', { field: t('oldPassword') }) : undefined;
  const short = fresh.length < LEAST_PASSWORD ? t('passwordShort') : undefined;
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (busy || none || short) return;
    if (!(await act(() => ask('POST', '/api/learner/password', { old, new: fresh })))) return;
    for (const empty of [setOld, setFresh]) empty('');
    setTried(false);
    say(t('passwordChanged'));
  };
  const type = seen ? 'text' : 'password';
  return (
    <section aria-labelledby="new-password">
      <h2 id="new-password">{t('changePassword')}</h2>
      <p class="muted note">{t('changePasswordHint')}</p>
      <form class="stack" onSubmit={(event) => void send(event)} noValidate>
        {/* Tells a password manager whose password it is. */}
        <input type="text" autocomplete="username" value={name} readOnly hidden />
        <TextField
          label={t('oldPassword')}
          type={type}
          value={old}
          onInput={setOld}
          autocomplete="current-password"
          wrong={tried ? none : undefined}
        />
        <TextField
          label={t('newPassword')}
          type={type}
          hint={t('passwordHint')}
          value={fresh}
          onInput={setFresh}
          autocomplete="new-password"
          wrong={tried ? short : undefined}
        />
        <SwitchRow label={t('showPassword')} on={seen} onChange={setSeen} />
        <NotDone failed={failed} />
        <button type="submit" class="button" aria-disabled={busy}>
          {t('changePassword')}
        </button>
      </form>
    </section>
  );
}
