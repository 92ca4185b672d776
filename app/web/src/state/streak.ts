// The days on which the learner studied: those that this device remembers, and with a network those of every device.
import { FREEZES, type Streak, streak } from '../streak';
import { store } from './device';
import { ask } from './server';

const ASKED_DAYS = 400;

/** The streak as this device knows it. */
export async function knownStreak(): Promise<Streak> {
  return streak(await store().daysStudied(), store().today(), FREEZES, breaks());
}

/** The streak over all devices; remembered here, so that it stands without a network too. Throws ServerTrouble. */
export async function wholeStreak(): Promise<Streak> {
  const today = store().today();
  const { items } = await ask<{ items: { day: number }[] }>(
    'GET',
    `/api/stats/days?from=${today - ASKED_DAYS}&to=${today}`,
  );
  const days = items.map(({ day }) => day);
  // An answer of today may still be undone.
  await store().rememberDays(days.filter((day) => day < today));
  return streak([...(await store().daysStudied()), ...days], today, FREEZES, breaks());
}

function breaks() {
  return store().learner().settings.breaks ?? [];
}
