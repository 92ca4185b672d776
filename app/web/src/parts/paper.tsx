// The card on paper: the question, and below it the answer. Nothing moves when the answer appears.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { plain } from '../plain';
import type { Shown } from '../state/session';
import { settings } from '../state/settings';
import { ratingOf, zoneAt } from '../state/zones';
import type { NoteRow, Rating, TapAct } from '../wire';
import { language, t } from '../words';
import { Icon } from './icon';
import { lazily } from './lazily';
import { FieldText, tongueOf } from './text';

const Question = lazily(async () => (await import('./question')).Question);
const Compared = lazily(async () => (await import('./compared')).Compared);

interface Paper {
  shown: Shown;
  /** A tap on the answer rates Good; only when the learner asked for it. */
  answerTap: boolean;
  swipes: boolean;
  onReveal: () => void;
  onRate: (rating: Rating) => void;
  /** What the thirds of the answer do when tapped, from the left; `none` leaves it to `answerTap`. */
  zones: readonly TapAct[];
  onUndo: () => void;
}

const CONTROLS = 'a, button, input, textarea, select, summary, label, audio, video';

export function Paper({ shown, answerTap, swipes, zones, onReveal, onRate, onUndo }: Paper) {
  const { view, side, since } = shown;
  const asks = side === 'front';
  const paper = useRef<HTMLElement>(null);
  const answer = useRef<HTMLDivElement>(null);
  useSwipes(swipes && !asks, paper, onRate);
  useFocus(paper, since, side);
  useInSight(answer, !asks);
  const tap = (event: MouseEvent) => {
    const onControl = event.target instanceof Element && event.target.closest(CONTROLS);
    if (onControl || getSelection()?.toString()) return;
    if (asks) return onReveal();
    const act = zoneAt(event.clientX, innerWidth, zones);
    if (act === 'undo') onUndo();
    else if (act !== 'none') onRate(ratingOf[act]);
    else if (answerTap) onRate(3);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the whole page do the same (keys.ts)
    <main class={asks ? 'paper asks' : 'paper'} ref={paper} onClick={tap}>
      <article>
        <Context shown={shown} />
        <section class="asked" tabIndex={-1} aria-label={t('question')}>
          {view.note.kind === 'choice' || view.note.kind === 'list' ? (
            <Question key={since} shown={shown} onPick={onReveal} />
          ) : (
            // Markup begins anew with each card: until it is there, no other's stands under this one.
            <FieldText
              key={view.note.format === 'html' ? since : 0}
              text={view.front}
              format={view.note.format}
              media={view.note.media}
            />
          )}
        </section>
        {view.note.kind === 'type' && !settings.value.never_type && (
          <Typed key={since} shown={shown} onEnter={onReveal} />
        )}
        <div class={asks ? 'answered hidden-answer' : 'answered shown'} aria-live="polite" ref={answer}>
          {!asks && <Answer shown={shown} />}
        </div>
      </article>
    </main>
  );
}

/**
 * A long question leaves no room below it: the page goes down to the answer. Markup and pictures make an answer grow after it is there,
 * so it is followed until the learner moves the page.
 */
function useInSight(answer: { readonly current: HTMLElement | null }, isThere: boolean): void {
  useEffect(() => {
    const element = answer.current;
    if (!isThere || !element) return;
    const follow = new ResizeObserver(() => element.scrollIntoView({ block: 'nearest' }));
    follow.observe(element);
    const moves = ['wheel', 'touchmove', 'keydown'] as const;
    const leave = () => follow.disconnect();
    for (const move of moves) addEventListener(move, leave, { passive: true });
    return () => {
      leave();
      for (const move of moves) removeEventListener(move, leave);
    };
  }, [isThere]);
}

/** Swipes are off unless the learner wants them, so their part is fetched only then. */
function useSwipes(
  on: boolean,
  paper: { readonly current: HTMLElement | null },
  onRate: (rating: Rating) => void,
): void {
  const rate = useRef(onRate);
  rate.current = onRate;
  // Before the answer is painted: a swift finger is followed too.
  useLayoutEffect(() => {
    if (!on) return;
    let stop: (() => void) | null = null;
    let left = false;
    void import('./swipe').then(({ followSwipes }) => {
      if (paper.current && !left) stop = followSwipes(paper.current, (rating) => rate.current(rating));
    });
    return () => {
      left = true;
      stop?.();
    };
  }, [on]);
}

/**
 * Focus goes to the new question, also from the one before in the same place: whoever hears the page is told; and back to it when the
 * button that was pressed has gone.
 */
function useFocus(paper: { readonly current: HTMLElement | null }, since: number, side: string): void {
  useEffect(() => {
    if (!paper.current) return;
    paper.current.scrollTop = 0;
    const field = side === 'front' ? paper.current.querySelector<HTMLElement>('input') : null;
    const goal = field ?? paper.current.querySelector<HTMLElement>('.asked');
    goal?.blur();
    goal?.focus({ preventScroll: true });
  }, [since]);
  useEffect(() => {
    if (document.activeElement === document.body) {
      paper.current?.querySelector<HTMLElement>('.asked')?.focus({ preventScroll: true });
    }
  }, [side]);
}

/** Where the card is from: a question is short because its deck says what it is about. */
function Context({ shown: { view } }: { shown: Shown }) {
  return (
    <p class="context muted" lang={tongueOf(view.deck.name)}>
      {view.deck.name.replaceAll('::', ' › ')}
      {view.card.flag > 0 && (
        <span lang={language.value}>
          <Icon name="flag" />
          {t('flagged')}
        </span>
      )}
    </p>
  );
}

function Answer({ shown: { view } }: { shown: Shown }) {
  return (
    <>
      <FieldText text={view.back} format={view.note.format} media={view.note.media} />
      {view.extra && (
        <div class="note muted" lang={tongueOf(view.extra)}>
          <FieldText text={view.extra} format={view.note.format} media={view.note.media} />
        </div>
      )}
      {view.note.source && <SourceOf note={view.note} />}
    </>
  );
}

/** Where the fact stands, one tap away. */
export function SourceOf({ note, open }: { note: NoteRow; open?: boolean }) {
  const { source } = note;
  if (!source) return <p class="muted note">{t('noSource')}</p>;
  return (
    <details open={open}>
      <summary>
        <Icon name="source" />
        {t('source')}
      </summary>
      <div class="note muted" lang={tongueOf(source.document)}>
        <p>{[...new Set([source.document, ...source.section])].join(' › ')}</p>
        <p lang={undefined}>{t('sourcePlace', { start: source.start, end: source.end })}</p>
        {source.quote && <blockquote>{source.quote}</blockquote>}
      </div>
    </details>
  );
}

function Typed({ shown, onEnter }: { shown: Shown; onEnter: () => void }) {
  const [typed, setTyped] = useState('');
  const back = plain(shown.view.back, shown.view.note.format);
  useEffect(() => {
    void Compared.fetch();
  }, []);
  if (shown.side === 'back') return typed ? <Compared typed={typed} answer={back} /> : null;
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      onEnter();
    }
  };
  return (
    <div class="typed field">
      <label for="typed-answer">{t('typeAnswer')}</label>
      <input
        id="typed-answer"
        lang={tongueOf(back)}
        value={typed}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="done"
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={press}
      />
    </div>
  );
}
