import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { NumberRow, RangeRow, SelectRow, SwitchRow } from '../parts/fields';
import { Gradually } from '../parts/gradually';
import { Icon } from '../parts/icon';
import { Pace } from '../parts/pace';
import { Reminder } from '../parts/reminder';
import { syncStatus } from '../state/device';
import { change, changeLearner, changeLook, learner, parameters, settings } from '../state/settings';
import type { TapAct } from '../wire';
import { type Language, language, number, ownNames, percent, t, tags } from '../words';

const MOST_A_DAY = 9999;

/** Settings; each is applied at once, offline too, and follows the learner to other devices, the look only until one is chosen there. */
export default function Me() {
  return (
    <>
      <Banners update />
      <Bar title={t('me')} />
      <main class="page stack wide" id="main">
        <Links />
        <Gradually>
          <Appearance />
          <Studying />
          <Pace />
          <Reminder />
          <Hands />
          <About />
        </Gradually>
      </main>
    </>
  );
}

function About() {
  return (
    <section>
      <h2>{t('about')}</h2>
      <p class="muted note">{t('aboutText')}</p>
    </section>
  );
}

function Links() {
  const { unsent, refused, phase } = syncStatus.value;
  const { name, kind } = learner.value ?? {};
  const cutOff = kind === 'named' ? t('signedOut') : t('backupLost');
  const known = phase === 'signed-out' ? cutOff : t('allSynced');
  const sent = unsent > 0 ? t('unsynced', { n: unsent }) : known;
  return (
    <div class="rows">
      <PageLink to="/me/stats" title={t('statistics')} words={t('statisticsMore')} />
      <PageLink to="/me/account" title={t('account')} words={name ? t('signedInAs', { name }) : t('anonymous')} />
      <PageLink
        to="/me/sync"
        title={t('syncAndData')}
        words={refused > 0 ? `${sent} · ${t('refusedCount', { n: refused })}` : sent}
      />
    </div>
  );
}

function PageLink({ to, title, words }: { to: string; title: string; words: string }) {
  return (
    <a class="row" href={to}>
      <span class="grow">
        <b>{title}</b>
        <span class="muted note">{words}</span>
      </span>
      <Icon name="forward" />
    </a>
  );
}

function Appearance() {
  const { theme, text_size } = settings.value;
  return (
    <section aria-labelledby="appearance">
      <h2 id="appearance">{t('appearance')}</h2>
      <div class="rows">
        <SelectRow<Language>
          label={t('language')}
          value={language.value}
          choices={tags.map((tag) => [tag, ownNames[tag]])}
          onChange={(chosen) => void changeLook({ language: chosen })}
        />
        <SelectRow
          label={t('theme')}
          value={theme}
          choices={[
            ['auto', t('themeAuto')],
            ['light', t('themeLight')],
            ['dark', t('themeDark')],
          ]}
          onChange={(chosen) => void changeLook({ theme: chosen })}
        />
        <RangeRow
          label={t('textSize')}
          value={text_size}
          least={80}
          most={200}
          step={10}
          words={(size) => percent(size / 100)}
          onChange={(size) => void changeLook({ text_size: size })}
        />
      </div>
    </section>
  );
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

function Studying() {
  const { new_per_day, reviews_per_day, session_length } = settings.value;
  return (
    <section aria-labelledby="studying">
      <h2 id="studying">{t('studying')}</h2>
      <div class="rows">
        <NumberRow
          label={t('totalNewPerDay')}
          value={new_per_day}
          least={0}
          most={MOST_A_DAY}
          onChange={(count) => void change({ new_per_day: count })}
        />
        <NumberRow
          label={t('totalReviewsPerDay')}
          value={reviews_per_day}
          least={0}
          most={MOST_A_DAY}
          onChange={(count) => void change({ reviews_per_day: count })}
        />
        <SelectRow
          label={t('sessionLength')}
          value={session_length}
          choices={[
            ['none', t('lengthNone')],
            ...([5, 10, 20] as const).map((n) => [`${n}min`, t('lengthMinutes', { n })] as const),
            ...([20, 50] as const).map((n) => [`${n}cards`, t('lengthCards', { n })] as const),
          ]}
          onChange={(length) => void change({ session_length: length })}
        />
        <RangeRow
          label={t('retention')}
          hint={t('retentionHint')}
          value={parameters.value?.desired_retention ?? 0.9}
          least={0.7}
          most={0.97}
          step={0.01}
          words={percent}
          onChange={(share) => void changeLearner({ desired_retention: share })}
        />
        <SelectRow
          label={t('rollover')}
          hint={t('rolloverHint')}
          value={String(learner.value?.rollover_hour ?? 4)}
          choices={HOURS.map((hour) => [String(hour), t('oClock', { n: number(hour) })])}
          onChange={(hour) => void changeLearner({ rollover_hour: Number(hour) })}
        />
      </div>
    </section>
  );
}

const ZONES = [
  ['tap_left', 'tapLeft'],
  ['tap_middle', 'tapMiddle'],
  ['tap_right', 'tapRight'],
] as const;
const TAP_ACTS = [
  ['none', 'tapNothing'],
  ['again', 'again'],
  ['hard', 'hard'],
  ['good', 'good'],
  ['easy', 'easy'],
  ['undo', 'undo'],
] as const;

/** What a tap on the left, middle or right of the answer does. */
function TapZones() {
  return ZONES.map(([name, word]) => (
    <SelectRow<TapAct>
      key={name}
      label={t(word)}
      value={settings.value[name]}
      choices={TAP_ACTS.map(([act, says]) => [act, t(says)])}
      onChange={(act) => void change({ [name]: act })}
    />
  ));
}

const GUARDS = [0, 100, 200, 300, 400, 500];

function Hands() {
  const { left_handed, two_buttons, answer_tap, haptics, swipes, speech, timer, tap_guard_ms, never_type } =
    settings.value;
  return (
    <section aria-labelledby="hands">
      <h2 id="hands">{t('hands')}</h2>
      <div class="rows">
        <SwitchRow
          label={t('leftHanded')}
          hint={t('leftHandedHint')}
          on={left_handed}
          onChange={(on) => void change({ left_handed: on })}
        />
        <SwitchRow
          label={t('twoButtons')}
          hint={t('twoButtonsHint')}
          on={two_buttons}
          onChange={(on) => void change({ two_buttons: on })}
        />
        <SwitchRow label={t('answerTap')} on={answer_tap} onChange={(on) => void change({ answer_tap: on })} />
        <TapZones />
        <SwitchRow
          label={t('swipes')}
          hint={t('swipesHint')}
          on={swipes}
          onChange={(on) => void change({ swipes: on })}
        />
        <SwitchRow label={t('haptics')} on={haptics} onChange={(on) => void change({ haptics: on })} />
        <SwitchRow
          label={t('speech')}
          on={speech === 'auto'}
          onChange={(on) => void change({ speech: on ? 'auto' : 'off' })}
        />
        <SwitchRow
          label={t('neverType')}
          hint={t('neverTypeHint')}
          on={never_type}
          onChange={(on) => void change({ never_type: on })}
        />
        <SwitchRow label={t('timer')} on={timer} onChange={(on) => void change({ timer: on })} />
        <SelectRow
          label={t('tapGuard')}
          value={String(tap_guard_ms)}
          choices={GUARDS.map((ms) => [String(ms), ms === 0 ? t('off') : t('milliseconds', { n: ms })])}
          onChange={(ms) => void change({ tap_guard_ms: Number(ms) })}
        />
      </div>
      <p class="muted note for-keys">{t('keysHint')}</p>
    </section>
  );
}
