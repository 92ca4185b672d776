import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { AddOrApart } from '../parts/add_or_apart';
import { useServerAct } from '../parts/asked';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { Devices } from '../parts/devices';
import { SwitchRow, TextField } from '../parts/fields';
import { LEAST_PASSWORD, NewPassword } from '../parts/new_password';
import { NotDone } from '../parts/not_done';
import { JoinDevice, ShowCode } from '../parts/second_device';
import { say } from '../parts/toast';
import { Tokens } from '../parts/tokens';
import { Unfinished } from '../parts/unfinished';
import { type Credentials, claim, deleteAccount, holdsGuestWork, renew, signIn, signOut } from '../state/account';
import { syncStatus } from '../state/device';
import { takeCode } from '../state/join_code';
import { learner } from '../state/settings';
import { t } from '../words';

/** Who the learner is to the server: nobody needs to be anyone, and nothing moves when they become someone. */
export default function Account() {
  const named = learner.value?.kind === 'named';
  const out = syncStatus.value.phase === 'signed-out';
  const [code, setCode] = useState(takeCode);
  const { route } = useLocation();
  const joined = () => {
    setCode(null);
    route('/');
  };
  const changing = !named || out;
  return (
    <>
      <Banners />
      <Bar title={t('account')} back="/me" />
      <main class="page stack wide" id="main">
        <Who />
        {/* Who came by scanning wants this first. */}
        {code && <Scanned code={code} free={changing} onJoined={joined} />}
        {out && !named && <Renew />}
        {!out && <ShowCode />}
        {!named && !out && <Claim />}
        {changing && <SignIn />}
        {changing && !code && <JoinDevice given="" />}
        {!out && <Devices />}
        {!out && <Tokens />}
        {named && !out && <NewPassword name={learner.value?.name ?? ''} />}
        {named && !out && <SignOut />}
        <Remove />
      </main>
    </>
  );
}

function Who() {
  const { kind, name, id } = learner.value ?? {};
  const named = kind === 'named';
  const out = syncStatus.value.phase === 'signed-out';
  return (
    <section>
      <p>{named ? t(out ? 'signedOutAs' : 'signedInAs', { name: name ?? '' }) : t('anonymous')}</p>
      {id && <p class="muted small">{t('learnerId', { id })}</p>}
      {named && out && <p class="wrong">{t('signedOutHint')}</p>}
    </section>
  );
}

interface Scanned {
  code: string;
  free: boolean;
  onJoined: () => void;
}

function Scanned({ code, free, onJoined }: Scanned) {
  return free ? <JoinDevice given={code} onJoined={onJoined} /> : <p class="note">{t('joinSignOutFirst')}</p>;
}

interface CredentialsForm {
  title: string;
  hint: string;
  button: string;
  fresh: boolean;
  onSend: (credentials: Credentials) => Promise<unknown>;
}

function CredentialsForm({ title, hint, button, fresh, onSend }: CredentialsForm) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [seen, setSeen] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, failed, act } = useServerAct();
  const noName = !name.trim() ? t('fieldEmpty', { field: t('name') }) : undefined;
  const short = password.length < (fresh ? LEAST_PASSWORD : 1) ? t('passwordShort') : undefined;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!busy && !noName && !short) void act(() => onSend({ name: name.trim().normalize('NFC'), password }));
  };
  return (
    <section>
      <h2>{title}</h2>
      <p class="muted note">{hint}</p>
      <form class="stack" onSubmit={send} noValidate>
        <TextField
          label={t('name')}
          value={name}
          onInput={setName}
          autocomplete="username"
          wrong={tried ? noName : undefined}
        />
        <TextField
          label={t('password')}
          type={seen ? 'text' : 'password'}
          hint={fresh ? t('passwordHint') : undefined}
          value={password}
          onInput={setPassword}
          autocomplete={fresh ? 'new-password' : 'current-password'}
          wrong={tried ? short : undefined}
        />
        <SwitchRow label={t('showPassword')} on={seen} onChange={setSeen} />
        <NotDone failed={failed} />
        <button type="submit" class="button main" aria-disabled={busy}>
          {button}
        </button>
      </form>
    </section>
  );
}

function Claim() {
  const send = async (credentials: Credentials) => {
    await claim(credentials);
    say(t('saved'));
  };
  return <CredentialsForm title={t('claim')} hint={t('anonymousHint')} button={t('save')} fresh onSend={send} />;
}

/** The server has lost this device's learner; the device has not. */
function Renew() {
  const { busy, failed, act } = useServerAct();
  const begin = async () => {
    if (await act(renew)) say(t('renewed'));
  };
  return (
    <section aria-labelledby="renew">
      <h2 id="renew">{t('renew')}</h2>
      <p class="muted note">{t('renewHint')}</p>
      <NotDone failed={failed} />
      <button type="button" class="button main" aria-disabled={busy} onClick={() => !busy && void begin()}>
        {busy ? t('renewing') : t('renew')}
      </button>
    </section>
  );
}

function SignIn() {
  const [given, setGiven] = useState<Credentials | null>(null);
  const send = async (credentials: Credentials) => {
    if (await holdsGuestWork()) setGiven(credentials);
    else await signIn(credentials, 'nothing');
  };
  return (
    <>
      <CredentialsForm title={t('signIn')} hint="" button={t('signInButton')} fresh={false} onSend={send} />
      {given && <AddOrApart proof={given} name={given.name} onClose={() => setGiven(null)} />}
    </>
  );
}

function SignOut() {
  const { busy, failed, act } = useServerAct();
  const { unsent } = syncStatus.value;
  return (
    <section>
      <p class="muted note">{t('signOutHint')}</p>
      <Unfinished />
      <NotDone failed={failed} words={unsent > 0 ? t('signOutUnsynced', { n: unsent }) : undefined} />
      <button type="button" class="button" aria-disabled={busy} onClick={() => !busy && void act(signOut)}>
        {t('signOut')}
      </button>
    </section>
  );
}

function Remove() {
  const [typed, setTyped] = useState('');
  const { busy, failed, act } = useServerAct();
  const sure = typed.trim() === t('deleteWord');
  const remove = async (event: SubmitEvent) => {
    event.preventDefault();
    if (sure && !busy && (await act(deleteAccount))) say(t('accountDeleted'));
  };
  return (
    <section aria-labelledby="delete">
      <h2 id="delete">{t('deleteAccount')}</h2>
      <p class="muted note">{t('deleteAccountHint')}</p>
      <form class="stack" onSubmit={(event) => void remove(event)}>
        <TextField label={t('deleteAccountType', { word: t('deleteWord') })} value={typed} onInput={setTyped} />
        <NotDone failed={failed} />
        <button type="submit" class="button bad" aria-disabled={!sure || busy}>
          {t('deleteAccount')}
        </button>
      </form>
    </section>
  );
}
