// Becoming someone, coming back, leaving. Answers that the server does not have yet are never given up for it.
import { deviceName } from '../device_name';
import type { Moved } from '../store';
import type { LearnerRow, Problem } from '../wire';
import { t } from '../words';
import { store, syncNow, syncStatus } from './device';
import { ask, download, fileFrom, introduce, ServerTrouble } from './server';
import { forgetOwnLook, readLearner } from './settings';

export interface Credentials {
  name: string;
  password: string;
}

/** What lets a device in: a name with its password, or the code that another device shows. */
export type Proof = Credentials | { code: string };

/** Gives the learner of this device a name and a password; nothing moves. */
export async function claim(credentials: Credentials): Promise<void> {
  await introduce();
  await ask('POST', '/api/learner/claim', credentials);
  await syncNow();
  readLearner();
}

/** For an anonymous learner whom the server does not know any more: begins a new one and sends it everything that is here. */
export async function renew(): Promise<void> {
  await store().wantRenewal();
  await allSent();
  readLearner();
}

/** Whether somebody without an account studied here. Asked at the moment of signing in: a page that is still loading knows nothing. */
export async function holdsGuestWork(): Promise<boolean> {
  return store().learner().kind === 'anonymous' && (await store().decks()).length > 0;
}

/** Changes this device over to an account. What an anonymous learner did here is added to it, or kept apart in a file; it is sent first. */
export async function signIn(proof: Proof, keeping: 'unite' | 'apart' | 'nothing'): Promise<void> {
  const here = keeping !== 'nothing';
  const isForgotten = syncStatus.peek().phase === 'signed-out' && store().learner().kind === 'anonymous';
  if (here && isForgotten) await renew();
  if (here) await allSent();
  const file = keeping === 'apart' ? await fileFrom('/api/learner/export') : null;
  const before = store().learner().id;
  const path = 'code' in proof ? '/api/session/join' : '/api/session/sign-in';
  const { learner, moved } = await ask<{ learner: LearnerRow; moved: Moved }>('POST', path, {
    ...proof,
    device_id: store().deviceId,
    device_name: deviceName(navigator) || undefined,
    add: keeping === 'unite',
  });
  const isAnother = learner.id !== before;
  if (here && isAnother) await store().handOver(learner, keeping === 'unite' ? moved : null, keptApart());
  else if (before && isAnother) await leaveUnmixed();
  if (file) download('wengu.json', file);
  await syncNow();
  readLearner();
}

/** Why something is listed that was answered in another tab in the very moment of changing over. */
function keptApart(): Problem {
  return { type: 'about:blank', title: t('keptApart'), status: 409 };
}

/** Signed out, and now somebody else: answers of the one must never be sent as the other's. */
async function leaveUnmixed(): Promise<void> {
  if ((await store().unsent()) > 0) {
    await ask('DELETE', '/api/session');
    throw new Error(t('otherAccount'));
  }
  await store().wipe();
}

export async function signOut(): Promise<void> {
  await allSent();
  await ask('DELETE', '/api/session');
  await store().wipe();
  forgetOwnLook();
  location.assign('/');
}

export async function deleteAccount(): Promise<void> {
  await introduce();
  await ask('DELETE', '/api/learner', { confirm: true });
  await store().wipe(true);
  forgetOwnLook();
  location.assign('/');
}

async function allSent(): Promise<void> {
  const status = await syncNow();
  if (status.unsent > 0) throw new ServerTrouble(status.problem);
}
