import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Banners } from '../parts/banners';
import { BackButton } from '../parts/bar';
import { countWords } from '../parts/counts';
import { AloudButton, actWord, aloud, Ratings, ShowButton, UndoButton } from '../parts/dock';
import { Icon } from '../parts/icon';
import { lazily } from '../parts/lazily';
import { Paper } from '../parts/paper';
import { FailedToRead } from '../parts/states';
import { isReadAloud } from '../read_aloud';
import { keepAwake } from '../state/awake';
import { store, today } from '../state/device';
import { buzz } from '../state/haptics';
import { useKeys } from '../state/keys';
import { optionsOf } from '../state/length';
import { type Session, startSession } from '../state/session';
import { settings } from '../state/settings';
import { hush, speak, speaking } from '../state/speech';
import type { Rating } from '../wire';
import { t } from '../words';
import { spent } from '../words/time';

const CardSheet = lazily(async () => (await import('../parts/card_sheet')).CardSheet, 'cards');
const KeySheet = lazily(async () => (await import('../parts/key_sheet')).KeySheet, 'cards');
const Paused = lazily(async () => (await import('../parts/paused')).Paused, 'summary');
const Summary = lazily(async () => (await import('./summary')).Summary, 'summary');
const REBUILD_AFTER_MS = 1000;

/** The study screen: one deck, or everything that is due. */
export default function Study({ query }: { query: Record<string, string> }) {
  const { deck, minutes } = query;
  const session = useMemo(
    () => startSession(store(), optionsOf(query, settings.peek().session_length)),
    [deck, minutes],
  );
  return <Studying session={session} bar={StudyBar} done={Summary} />;
}

interface Studying<S extends Session> {
  session: S;
  bar: (props: { session: S; onMore: (event: MouseEvent) => void }) => VNode;
  done: (props: { session: S }) => VNode | VNode<never> | null;
  /** Why the card on screen comes now, in a sentence. */
  why?: (session: S) => string | null;
}

/** A sitting on the screen: one card after the other, then what was done. */
export function Studying<S extends Session>({ session, bar, done: Done, why }: Studying<S>) {
  useFollowing(session);
  useEffect(() => keepAwake(), []);
  useEffect(() => hush, []);
  useEffect(() => {
    document.title = `${t('study')} · ${t('app')}`;
  }, []);
  const phase = session.phase.value;
  if (phase === 'asking' && session.paused.value) return <Paused session={session} />;
  if (phase === 'asking') return <Asking session={session} bar={bar} {...(why && { why })} />;
  if (phase === 'done') return <Done session={session} />;
  return (
    <main class="page" id="main">
      {phase === 'failed' ? <FailedToRead /> : <p class="loading">{t('loading')}</p>}
    </main>
  );
}

/** The line is built anew when content, another tab or the day changed it; the clock stops while the page is hidden. */
function useFollowing(session: Session): void {
  useEffect(() => {
    let timer = 0;
    const later = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => void session.rebuild(), REBUILD_AFTER_MS);
    };
    const stops = [
      store().subscribe(({ what, elsewhere }) => {
        if (elsewhere || what === 'content' || what === 'all') later();
      }),
      today.subscribe((day) => {
        if (session.phase.peek() !== 'loading' && day !== session.day.peek()) later();
      }),
    ];
    const hide = () => session.away(document.visibilityState === 'hidden');
    document.addEventListener('visibilitychange', hide);
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      document.removeEventListener('visibilitychange', hide);
    };
  }, [session]);
}

function Asking<S extends Session>({ session, bar: Top, why }: Omit<Studying<S>, 'done'>) {
  const sheet = useSignal<'closed' | 'by-pointer' | 'by-key' | 'of-keys'>('closed');
  const { route } = useLocation();
  const said = useSignal('');
  const shown = session.shown.value;
  const { reveal, rate, undo } = useActs(session, said);
  useReadingAloud(session);
  // Keys ask the session, not the last drawing: they may come faster than frames.
  const read = () => {
    const now = session.shown.peek();
    if (!now) return;
    const { text, tongue } = aloud(now);
    if (speaking.peek()) hush();
    else speak(text, tongue);
  };
  const show = () => (session.shown.peek()?.side === 'front' ? reveal() : rate(3));
  // Who opened the sheet with the mouse expects Space to show the answer afterwards, not to open the sheet again.
  const closeActs = () => {
    if (sheet.peek() === 'by-pointer') document.querySelector<HTMLElement>('.asked')?.focus({ preventScroll: true });
    if (sheet.peek() !== 'of-keys') sheet.value = 'closed';
  };
  // A sheet says that it is closed a moment late: by then a key may have opened the other one.
  const closeKeys = () => {
    if (sheet.peek() === 'of-keys') sheet.value = 'closed';
  };
  const rateWith = (rating: Rating) => () => (session.shown.peek()?.side === 'back' ? rate(rating) : pick(rating));
  useKeys({
    ' ': show,
    Enter: show,
    1: rateWith(1),
    2: rateWith(2),
    3: rateWith(3),
    4: rateWith(4),
    z: undo,
    u: undo,
    r: read,
    e: () => shown && route(`/notes/${shown.view.note.id}`),
    '?': () => {
      sheet.value = 'of-keys';
    },
  });
  if (!shown) return null;
  const { left_handed, two_buttons, answer_tap, swipes, tap_left, tap_middle, tap_right } = settings.value;
  const zones = [tap_left, tap_middle, tap_right];
  const act = session.lastAct.value;
  return (
    <div class={left_handed ? 'study left-handed' : 'study'} id="main">
      <Banners />
      <Top session={session} onMore={(event) => (sheet.value = event.detail > 0 ? 'by-pointer' : 'by-key')} />
      <Paper
        shown={shown}
        answerTap={answer_tap}
        swipes={swipes}
        zones={zones}
        onReveal={reveal}
        onRate={rate}
        onUndo={undo}
      />
      {/* A tap gives no focus to a button that goes with it; keys still do. */}
      <section class="dock" aria-label={t('cardActions')} onMouseDown={(event) => event.preventDefault()}>
        <div class="dock-tools">
          {act ? <UndoButton act={act} onUndo={undo} /> : <span />}
          <AloudButton shown={shown} />
        </div>
        {shown.side === 'front' ? (
          <ShowButton onShow={reveal} />
        ) : (
          <Ratings previews={session.previews.value} two={two_buttons} onRate={rate} />
        )}
      </section>
      <p class="unseen" role="status">
        {said}
      </p>
      {sheet.value === 'of-keys' && <KeySheet onClose={closeKeys} />}
      {sheet.value.startsWith('by') && (
        <CardSheet session={session} shown={shown} why={why?.(session) ?? null} onClose={closeActs} />
      )}
    </div>
  );
}

/** Takes the nth choice on the screen, if there is one. */
function pick(place: number): void {
  document.querySelector<HTMLElement>(`[data-choice="${place}"]`)?.click();
}

/** Taps meant for the card before are ignored: for a moment after a new card, and between showing and rating. */
function useActs(session: Session, said: { value: string }) {
  const revealedAt = useSignal(0);
  const tooSoon = (since: number) => performance.now() - since < settings.peek().tap_guard_ms;
  const newCard = () => tooSoon(session.shown.peek()?.since ?? 0);
  const reveal = () => {
    if (newCard()) return;
    letGo();
    revealedAt.value = performance.now();
    session.reveal();
  };
  const rate = (rating: Rating) => {
    if (newCard() || tooSoon(revealedAt.peek())) return;
    letGo();
    buzz(rating);
    said.value = '';
    session.rate(rating);
  };
  const undo = () => {
    const act = session.lastAct.peek();
    if (!act) return;
    letGo();
    said.value = t('undone', { what: actWord(act) });
    void session.undo();
  };
  return { reveal, rate, undo };
}

/** The voice is still, and focus leaves what is about to go: taking a focused element away makes the browser lay out the page twice. */
function letGo(): void {
  hush();
  document.querySelector<HTMLElement>(':focus:not(.asked)')?.blur();
}

function useReadingAloud(session: Session): void {
  const shown = session.shown.value;
  useEffect(() => {
    if (!shown || !isReadAloud(shown.side, store().optionsOf(shown.view.deck).read_aloud.value)) return;
    const { text, tongue } = aloud(shown);
    speak(text, tongue);
  }, [shown?.since, shown?.side]);
}

function StudyBar({ session, onMore }: { session: Session; onMore: (event: MouseEvent) => void }) {
  const left = countWords(session.left.value);
  const minutes = session.minutesLeft();
  return (
    <header class="bar">
      <BackButton to="/" />
      <h1 class="progress" tabIndex={-1}>
        {/* Each kind by itself: a new card that is learnt now is no card less, and a sum of all would stand still. */}
        {minutes === null ? (
          <>
            <span class="unseen">{t('left')}</span>
            {left}
          </>
        ) : (
          t('minutesLeft', { n: minutes })
        )}
        {settings.value.timer && <Timer session={session} />}
        {minutes !== null && <span>{left}</span>}
      </h1>
      <button type="button" class="icon-button" aria-label={t('more')} title={t('more')} onClick={onMore}>
        <Icon name="more" />
      </button>
    </header>
  );
}

function Timer({ session }: { session: Session }) {
  const elapsed = useSignal(0);
  useEffect(() => {
    const timer = setInterval(() => {
      elapsed.value = session.watch.elapsed();
    }, 1000);
    return () => clearInterval(timer);
  }, [session]);
  return <small aria-hidden="true"> · {t('timeOnCard', { time: spent(elapsed.value, 'short') })}</small>;
}
