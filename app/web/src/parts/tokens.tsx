import { useSignal } from '@preact/signals';
import { ask } from '../state/server';
import { learner } from '../state/settings';
import { t } from '../words';
import { day } from '../words/time';
import { sentenceOf, useAsked, useServerAct } from './asked';
import { TextField } from './fields';
import { Icon } from './icon';
import { NotDone } from './not_done';
import { Loading } from './states';
import { say } from './toast';

interface TokenRow {
  id: string;
  name: string;
  created_at: number;
}

async function tokens(): Promise<TokenRow[]> {
  const { items } = await ask<{ items: TokenRow[] }>('GET', '/api/tokens');
  return items;
}

/** Tokens by which scripts act as the learner; nobody yet has none. */
export function Tokens() {
  const id = learner.value?.id;
  return id ? <Known key={id} /> : null;
}

function Known() {
  const { asked, again } = useAsked(tokens);
  const remove = async ({ id }: TokenRow) => {
    try {
      await ask('DELETE', `/api/tokens/${id}`);
    } catch (error) {
      say(sentenceOf(error) ?? t('cannotReach'));
    }
    again();
  };
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">{t('tokens')}</h2>
      <p class="muted note">
        {t('tokensHint')} <a href="/api/docs">/api/docs</a>
      </p>
      {asked.state === 'loading' && <Loading />}
      {asked.state === 'failed' && <p class="muted">{asked.problem ?? t('needsNetwork')}</p>}
      {asked.state === 'ready' && asked.value.length > 0 && (
        <ul class="rows">
          {asked.value.map((token) => (
            <li key={token.id} class="row">
              <span class="grow">
                <b>{token.name}</b>
                <span class="muted note">{day(token.created_at)}</span>
              </span>
              <button
                type="button"
                class="icon-button"
                aria-label={t('removeToken', { name: token.name })}
                title={t('remove')}
                onClick={() => void remove(token)}
              >
                <Icon name="remove" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <NewToken onMade={again} />
    </section>
  );
}

/** The secret is shown once: the server keeps only its hash. */
function NewToken({ onMade }: { onMade: () => void }) {
  const name = useSignal('');
  const secret = useSignal('');
  const { busy, failed, act } = useServerAct();
  const make = async (event: SubmitEvent) => {
    event.preventDefault();
    const words = name.peek().trim().normalize('NFC');
    if (busy || !words) return;
    const made = await act(async () => {
      secret.value = (await ask<{ token: string }>('POST', '/api/tokens', { name: words })).token;
    });
    if (!made) return;
    name.value = '';
    onMade();
  };
  const copy = async () => {
    await navigator.clipboard.writeText(secret.peek());
    say(t('tokenCopied'));
  };
  return (
    <form class="stack" onSubmit={(event) => void make(event)} noValidate>
      {secret.value && (
        <div class="field" role="status">
          <label for="token">{t('tokenOnce')}</label>
          <input id="token" readOnly value={secret.value} onFocus={(event) => event.currentTarget.select()} />
          {/* Only a page that came over HTTPS may write to the clipboard. */}
          {'clipboard' in navigator && (
            <button type="button" class="button" onClick={() => void copy()}>
              {t('copyToken')}
            </button>
          )}
        </div>
      )}
      <TextField
        label={t('tokenName')}
        value={name.value}
        onInput={(words) => {
          name.value = words;
        }}
      />
      <NotDone failed={failed} />
      <button type="submit" class="button" aria-disabled={busy || !name.value.trim()}>
        {t('makeToken')}
      </button>
    </form>
  );
}
