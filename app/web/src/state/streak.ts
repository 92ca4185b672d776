// The days on which the learner studied: those that this device remembers, and with a network those of every device.
import { FREEZES, type Streak, streak } from '../streak';
import { ALL_DECKS, knownDays, renewDays } from './days';
import { store } from './device';

/** The streak as this device knows it. */
export async function knownStreak(): Promise<Streak> {
  const breaks = store().learner().settings.breaks ?? [];
  const [remembered, known] = await Promise.all([store().daysStudied(), knownDays(store().engine, ALL_DECKS)]);
  return streak([...remembered, ...known.days.keys()], store().today(), FREEZES, breaks);
}

/** The streak over all devices; remembered here, so that it stands without a network too. Throws ServerTrouble. */
export async function wholeStreak(): Promise<Streak> {
  await renewDays();
  return knownStreak();
}
