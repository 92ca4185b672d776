// Becoming someone, coming back, leaving. Answers that the server does not have yet are never given up for it.
import { deviceName } from '../device_name';
import type { LearnerRow } from '../wire';
import { t } from '../words';
import { store, syncNow, syncStatus } from './device';
import { ask, downloadFrom, introduce, ServerTrouble } from './server';
import { readLearner } from './settings';

interface Credentials {
  name: string;
  password: string;
}

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

/** Changes this device over to an account. What it held before is sent and saved to a file first. */
export async function signIn(credentials: Credentials, holds: boolean): Promise<void> {
  const isForgotten = syncStatus.peek().phase === 'signed-out' && store().learner().kind === 'anonymous';
  if (isForgotten && holds) await renew();
  const kept = holds && syncStatus.peek().phase !== 'signed-out';
  if (kept) {
    await allSent();
    await downloadFrom('/api/learner/export', 'wengu.json');
  }
  const before = store().learner().id;
  const { learner } = await ask<{ learner: LearnerRow }>('POST', '/api/session/sign-in', {
    ...credentials,
    device_id: store().deviceId,
    device_name: deviceName(navigator) || undefined,
  });
  if (!kept && before && learner.id !== before) await leaveUnmixed();
  if (kept) await store().wipe();
  await syncNow();
  readLearner();
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
  location.assign('/');
}

export async function deleteAccount(): Promise<void> {
  await introduce();
  await ask('DELETE', '/api/learner', { confirm: true });
  await store().wipe(true);
  location.assign('/');
}

async function allSent(): Promise<void> {
  const status = await syncNow();
  if (status.unsent > 0) throw new ServerTrouble(status.problem);
}
