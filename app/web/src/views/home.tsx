import { useEffect } from 'preact/hooks';
import { inLevels } from '../levels';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { countWords } from '../parts/counts';
import { Icon } from '../parts/icon';
import { lazily } from '../parts/lazily';
import { FailedToRead, Loading } from '../parts/states';
import { keepsNothing, restoring, syncNow, syncStatus, useStored } from '../state/device';
import { learner } from '../state/settings';
import type { DeckCounts, LeftOfDecks, Store } from '../store';
import type { DeckRow } from '../wire';
import { t } from '../words';

const Catalogue = lazily(async () => (await import('../parts/catalogue')).Catalogue, 'decks');
const InstallHint = lazily(async () => (await import('../parts/install_hint')).InstallHint, 'decks');
const Pull = lazily(async () => (await import('../state/pull')).Pull);
const BacklogHint = lazily(async () => (await import('../parts/backlog_hint')).BacklogHint, 'decks');
const ExamCard = lazily(async () => (await import('../parts/exam/exam_card')).ExamCard, 'exam');
const NOTHING: DeckCounts = { new: 0, learning: 0, review: 0, total: 0 };

interface Shelf {
  decks: DeckRow[];
  /** Exams without a result: their card's room is kept while it comes. */
  exams: number;
  left: LeftOfDecks;
}

async function shelf(store: Store): Promise<Shelf> {
  const rows = store.engine.run('readonly', ['exams'], (tx) => tx.rows('exams'));
  const [decks, left, all] = await Promise.all([store.decks(), store.counts(), rows]);
  const exams = all.filter(({ archived, deleted, result }) => !archived && !deleted && !result);
  return { decks, left, exams: exams.length };
}

export default function Home() {
  const stored = useStored(shelf, ['cards', 'content']);
  return (
    <>
      <Banners update />
      <Pull onPull={() => void syncNow()} />
      <Bar title={t('app')}>
        <SyncButton />
      </Bar>
      <main class="page stack" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {stored.state === 'ready' && <Shelf {...stored.value} />}
      </main>
    </>
  );
}

/** Sends and fetches now; pulling this page down does the same. */
function SyncButton() {
  const busy = syncStatus.value.phase === 'syncing';
  if (!learner.value?.id && syncStatus.value.unsent === 0) return null;
  const words = busy ? t('syncing') : t('syncNow');
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={words}
      title={words}
      aria-disabled={busy}
      onClick={() => !busy && void syncNow()}
    >
      <Icon name="sync" />
    </button>
  );
}

function Shelf({ decks, left, exams }: Shelf) {
  if (decks.length === 0) return restoring.value ? <Restoring /> : <Welcome />;
  return (
    <>
      {exams > 0 && (
        <section class="exam-place">
          <ExamCard />
        </section>
      )}
      <Today left={left} first={exams === 0} />
      <section>
        <h2>{t('decks')}</h2>
        <ul class="rows">
          {inLevels(decks).map(({ deck, level, under }) => (
            <li key={deck.id} style={{ '--level': level }}>
              <Deck deck={deck} under={under} counts={left.decks.get(deck.id) ?? NOTHING} />
            </li>
          ))}
        </ul>
      </section>
      <a class="button" href="/decks/add">
        <Icon name="add" />
        {t('addDecks')}
      </a>
      <BacklogHint />
      <InstallHint />
    </>
  );
}

/** The browser cleared everything away; the server has it. */
function Restoring() {
  const { phase, problem } = syncStatus.value;
  const waits = phase === 'offline' || phase === 'waiting';
  return (
    <section role="status">
      <h2>{t('restoring')}</h2>
      <p class="muted">{waits ? (problem?.title ?? t('restoringLater')) : t('restoringMore')}</p>
    </section>
  );
}

/** First open: a deck to begin with is one tap away. */
function Welcome() {
  return (
    <>
      <section>
        <h2>{t('welcome')}</h2>
        <p class="muted">{t(keepsNothing() ? 'welcomeForbidden' : 'welcomeMore')}</p>
      </section>
      <Catalogue first />
    </>
  );
}

/** `first`: nothing stands above it that is more urgent, as an exam would be. */
function Today({ left: { all, begun }, first }: { left: LeftOfDecks; first: boolean }) {
  const left = all.new + all.learning + all.review;
  // The icon of the installed app counts along, where there is one; a browser may refuse.
  useEffect(() => void navigator.setAppBadge?.(left).catch(() => {}), [left]);
  if (left === 0) {
    return (
      <section>
        <h2>{t('doneToday')}</h2>
        <div class="actions">
          <a class="button" href="/study">
            {t('summary')}
          </a>
        </div>
      </section>
    );
  }
  return (
    <section>
      <a class={`button big${first ? ' main' : ''}`} href="/study">
        <span>
          {t(begun ? 'continue' : 'start')} <span class="second">· {t('leftToday', { n: left })}</span>
        </span>
      </a>
      <a class="button plain" href="/study?minutes=5">
        {t('fiveMinutes')}
      </a>
    </section>
  );
}

/** Its name below that of the deck above it, which is said only to readers: the eye sees it stand there. */
function Deck({ deck, under, counts }: { deck: DeckRow; under: string; counts: DeckCounts }) {
  const shown = (name: string) => name.replaceAll('::', ' › ');
  return (
    <div class="row">
      <a class="link grow" href={`/study?deck=${deck.id}`}>
        <b>
          <span class="unseen">{shown(under)}</span>
          {shown(deck.name.slice(under.length))}
        </b>
        <span class="muted note">{countWords(counts)}</span>
      </a>
      <a
        class="icon-button"
        href={`/decks/${deck.id}`}
        aria-label={t('deckOptionsOf', { deck: shown(deck.name) })}
        title={t('deckOptions')}
      >
        <Icon name="options" />
      </a>
    </div>
  );
}
