import { useState } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { Icon, type IconName } from './parts/icon';
import { page } from './parts/lazily';
import { Broken } from './parts/states';
import { Toasts } from './parts/toast';
import { PATHS } from './paths';
import { arrived } from './state/path';
import Home from './views/home';
import Study from './views/study';
import { type PlainKey, t } from './words';

const AddDecks = page(() => import('./views/add_decks'), 'decks');
const Cards = page(() => import('./views/cards'), 'cards', 'browse');
const Card = page(() => import('./views/card'), 'cards');
const Deck = page(() => import('./views/deck'), 'decks', 'out');
const EditNote = page(() => import('./views/edit_note'), 'cards', 'write');
const NewNote = page(() => import('./views/new_note'), 'cards', 'decks', 'write');
const Exam = page(() => import('./views/exam'), 'exam');
const ImportStart = page(() => import('./views/import_start'), 'bring');
const ImportOne = page(() => import('./views/import_one'), 'bring', 'cards');
const TextReview = page(() => import('./views/text_review'), 'bring', 'review', 'cards', 'write');
const Me = page(() => import('./views/me'), 'me');
const Stats = page(() => import('./views/stats'), 'stats', 'summary');
const Account = page(() => import('./views/account'), 'me');
const SyncPage = page(() => import('./views/sync'), 'me', 'out');
const NotFound = page(() => import('./views/not_found'));

export function App() {
  const [broken, setBroken] = useState<Error | null>(null);
  if (broken) return <Broken error={broken} />;
  return (
    <LocationProvider>
      <button type="button" class="button skip" onClick={skipToContent}>
        {t('skip')}
      </button>
      <ErrorBoundary onError={setBroken}>
        <Router onRouteChange={arrived}>
          <Route path={PATHS.home} component={Home} />
          <Route path={PATHS.study} component={Study} />
          <Route path={PATHS.addDecks} component={AddDecks} />
          <Route path={PATHS.deck} component={Deck} />
          <Route path={PATHS.cards} component={Cards} />
          <Route path={PATHS.card} component={Card} />
          <Route path={PATHS.newNote} component={NewNote} />
          <Route path={PATHS.editNote} component={EditNote} />
          <Route path={PATHS.exam} component={Exam} />
          <Route path={PATHS.importStart} component={ImportStart} />
          <Route path={PATHS.importOne} component={ImportOne} />
          <Route path={PATHS.textReview} component={TextReview} />
          <Route path={PATHS.me} component={Me} />
          <Route path={PATHS.stats} component={Stats} />
          <Route path={PATHS.account} component={Account} />
          <Route path={PATHS.sync} component={SyncPage} />
          <Route default component={NotFound} />
        </Router>
      </ErrorBoundary>
      <Toasts />
      <Places />
    </LocationProvider>
  );
}

function skipToContent(): void {
  document.querySelector<HTMLElement>('#main :is(a, button, input, select, summary, [tabindex])')?.focus();
}

const places: readonly (readonly [path: string, word: PlainKey, icon: IconName])[] = [
  ['/', 'placeStudy', 'study'],
  ['/cards', 'placeCards', 'cards'],
  ['/exam', 'placeExam', 'exam'],
  ['/me', 'placeMe', 'me'],
];

/** The bottom bar; hidden while studying. */
function Places() {
  const { path } = useLocation();
  if (path === '/study' || path === '/exam/study') return null;
  const here = placeOf(path);
  return (
    <nav class="places" aria-label={t('places')}>
      <ul>
        {places.map(([to, word, icon]) => (
          <li key={to}>
            <a href={to} aria-current={here === to ? 'page' : undefined}>
              <Icon name={icon} />
              {t(word)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function placeOf(path: string): string {
  if (path.startsWith('/me')) return '/me';
  if (path.startsWith('/exam')) return '/exam';
  return /^\/(?:cards|notes|import|texts)/.test(path) ? '/cards' : '/';
}
