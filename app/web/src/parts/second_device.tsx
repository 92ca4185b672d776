// The same cards on two devices, without an account: this one shows a code, or takes the code of another.
import { useEffect, useState } from 'preact/hooks';
import { holdsGuestWork, signIn } from '../state/account';
import { codeIn, GOOD_FOR_MS, makeLink } from '../state/join_code';
import { learner } from '../state/settings';
import { t } from '../words';
import { AddOrApart } from './add_or_apart';
import { useServerAct } from './asked';
import { TextField } from './fields';
import { lazily } from './lazily';
import { NotDone } from './not_done';
import { Sheet } from './sheet';
import { say } from './toast';

const QrCode = lazily(async () => (await import('./qr_code')).QrCode);

/** Nobody yet has nothing to share. */
export function ShowCode() {
  const [link, setLink] = useState<string | null>(null);
  const { busy, failed, act } = useServerAct();
  if (!learner.value?.id) return null;
  const make = () => act(async () => setLink(await makeLink()));
  return (
    <section aria-labelledby="second-device">
      <h2 id="second-device">{t('secondDevice')}</h2>
      <p class="muted note">{t('secondDeviceHint')}</p>
      <NotDone failed={failed} />
      <button type="button" class="button" aria-disabled={busy} onClick={() => !busy && void make()}>
        {t('showCode')}
      </button>
      {link && <Code link={link} onClose={() => setLink(null)} />}
    </section>
  );
}

function Code({ link, onClose }: { link: string; onClose: () => void }) {
  useEffect(() => {
    const end = setTimeout(onClose, GOOD_FOR_MS);
    return () => clearTimeout(end);
  }, [link]);
  const copy = async () => {
    await navigator.clipboard.writeText(link);
    say(t('linkCopied'));
  };
  return (
    <Sheet title={t('scanCode')} onClose={onClose}>
      <div class="stack">
        <QrCode text={link} label={t('codeAlt')} />
        <p class="note">{t('codeHint')}</p>
        {/* Only a page that came over HTTPS may write to the clipboard. */}
        {'clipboard' in navigator ? (
          <button type="button" class="button" onClick={() => void copy()}>
            {t('copyLink')}
          </button>
        ) : (
          <TextField label={t('joinLink')} value={link} onInput={() => {}} />
        )}
      </div>
    </Sheet>
  );
}

/** Takes the code with which the page was opened, or one that was pasted; nothing happens without a tap. */
export function JoinDevice({ given, onJoined = () => {} }: { given: string; onJoined?: () => void }) {
  const [text, setText] = useState(given);
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState(false);
  const { busy, failed, act } = useServerAct();
  const code = codeIn(text);
  const join = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!code || busy) return;
    if (await holdsGuestWork()) return setAsking(true);
    if (!(await act(() => signIn({ code }, 'nothing')))) return;
    say(t('joined'));
    onJoined();
  };
  return (
    <section aria-labelledby="join-device">
      <h2 id="join-device">{t('joinDevice')}</h2>
      <p class="muted note">{t('joinDeviceHint')}</p>
      <form class="stack" onSubmit={(event) => void join(event)} noValidate>
        <TextField
          label={t('joinLink')}
          value={text}
          onInput={setText}
          wrong={tried && !code ? t('joinLinkWrong') : undefined}
        />
        <NotDone failed={failed} />
        <button type="submit" class={text ? 'button main' : 'button'} aria-disabled={busy}>
          {t('joinButton')}
        </button>
      </form>
      {asking && code && <AddOrApart proof={{ code }} name={null} onDone={onJoined} onClose={() => setAsking(false)} />}
    </section>
  );
}
