// The learner's settings as the screens use them, and what they change on the page itself.
import { effect, signal, untracked } from '@preact/signals';
import type { LearnerPatch } from '../store';
import type { Break, LearnerRow, ParametersRow, Settings } from '../wire';
import { type Language, languageOf, speakIn } from '../words';
import { store, version } from './device';

export const defaults = {
  theme: 'auto',
  new_per_day: 20,
  reviews_per_day: 200,
  text_size: 100,
  left_handed: false,
  two_buttons: false,
  answer_tap: false,
  haptics: true,
  swipes: false,
  speech: 'off',
  timer: false,
  never_type: false,
  breaks: [] as Break[],
  catch_up: null,
  tap_guard_ms: 200,
  session_length: 'none',
  tap_left: 'none',
  tap_middle: 'none',
  tap_right: 'none',
} as const satisfies Required<Settings>;

type Complete = Required<Settings>;

export const settings = signal<Complete>(defaults);
export const learner = signal<LearnerRow | null>(null);
export const parameters = signal<ParametersRow | null>(null);

/** Reads the learner now and whenever the database says that something about them changed. */
export function followLearner(): void {
  effect(() => {
    version('learner');
    untracked(readLearner);
  });
}

/** Takes what the database knows about the learner, puts it on the page, and keeps the look for the next start. */
export function readLearner(): void {
  learner.value = store().learner();
  parameters.value = store().parameters();
  const { language, ...look } = kept<OwnLook>(OWN_LOOK);
  settings.value = { ...defaults, ...learner.value.settings, ...look };
  void applyLook({
    language: language ?? learner.value.language,
    theme: settings.value.theme,
    textSize: settings.value.text_size,
  });
}

/** Changes settings at once on this page; the database keeps and sends them. */
export function change(patch: Partial<Complete>): Promise<void> {
  return changeLearner({ settings: patch });
}

export async function changeLearner(patch: LearnerPatch): Promise<void> {
  const saved = store().changeLearner(patch);
  readLearner();
  await saved;
  readLearner();
}

/** What was chosen on this device, which stays so whatever other devices choose. They follow it until they have chosen, too. */
interface OwnLook extends Pick<Settings, 'theme' | 'text_size'> {
  language?: Language;
}

/** Language, theme or text size: a matter of this device, its light and its reader's eyes. */
export function changeLook(chosen: OwnLook): Promise<void> {
  const { language, ...look } = chosen;
  keep(OWN_LOOK, { ...kept<OwnLook>(OWN_LOOK), ...chosen });
  return changeLearner(language ? { language } : { settings: look });
}

/** Whoever uses this device next has chosen nothing yet. */
export function forgetOwnLook(): void {
  keep(OWN_LOOK, {});
}

interface Look {
  language: Language;
  theme: Complete['theme'];
  textSize: number;
}

const LOOK = 'wengu-look';
const OWN_LOOK = 'wengu-own-look';

/** Before the database is open: the look of the last time, else the browser's language and theme. */
export function applyLastLook(): Promise<void> {
  const first: Look = { language: languageOf(navigator.language), theme: 'auto', textSize: 100 };
  return applyLook({ ...first, ...kept<Look>(LOOK) });
}

function kept<T>(name: string): Partial<T> {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<T>;
  } catch {
    return {};
  }
}

function keep(name: string, value: object): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Private mode without storage: the look is chosen anew at the next start.
  }
}

/** Resolves when the words of the language are there; the rest is done at once. */
function applyLook(look: Look): Promise<void> {
  const page = document.documentElement;
  page.lang = look.language === 'zh' ? 'zh-CN' : look.language;
  page.style.fontSize = look.textSize === 100 ? '' : `${look.textSize}%`;
  if (look.theme === 'auto') delete page.dataset.theme;
  else page.dataset.theme = look.theme;
  keep(LOOK, look);
  return speakIn(look.language);
}
