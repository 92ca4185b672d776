import { Fragment } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { inLevels } from '../levels';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { Select } from '../parts/fields';
import { Gradually } from '../parts/gradually';
import { FailedToRead, Loading } from '../parts/states';
import { Calendar } from '../parts/stats/calendar';
import { Ahead, Costly, Stands } from '../parts/stats/cards_now';
import { Today } from '../parts/stats/today';
import { Trend } from '../parts/stats/trend';
import { type Days, SPANS, type Span, weeksOf } from '../spans';
import { ASKED_DAYS, daysTold, earlierDays, type KnownDays, knownDays, renewDays, scopeOf } from '../state/days';
import { type Stored, today, useStored } from '../state/device';
import { learner, parameters, settings } from '../state/settings';
import { knownStreak } from '../state/streak';
import type { Store } from '../store';
import { type Census, census, censusOf } from '../store/census';
import { Shelf } from '../store/shelf';
import type { Streak } from '../streak';
import type { DeckRow } from '../wire';
import { t } from '../words';
import { day } from '../words/time';
import '../style/stats.css';

interface Known extends KnownDays {
  studied: ReadonlySet<number>;
  streak: Streak;
}

/** What was learnt, what is remembered, what comes: from this device, with what other devices did as far as the server could tell it. */
export default function Stats({ query }: { query: Record<string, string> }) {
  const { route } = useLocation();
  const span = SPANS.find((each) => each === query.span) ?? SPANS[0];
  const decks = useStored((device) => device.decks(), ['content']);
  const shelf = decks.state === 'ready' ? decks.value : null;
  const deck = shelf?.some(({ id }) => id === query.deck) ? String(query.deck) : '';
  const go = (to: { deck?: string; span?: Span }) => {
    const next = new URLSearchParams({ deck, span, ...to });
    route(`/me/stats?${next}`, true);
  };
  return (
    <>
      <Banners update />
      <Bar title={t('statsTitle')} back="/me" />
      <main class="page stack" id="main">
        {decks.state === 'failed' && <FailedToRead reason={decks.reason} />}
        {shelf && shelf.length > 1 && (
          <DeckChoice decks={shelf} deck={deck} onChoose={(chosen) => go({ deck: chosen })} />
        )}
        {shelf && <Everything decks={shelf} deck={deck} span={span} onSpan={(chosen) => go({ span: chosen })} />}
      </main>
    </>
  );
}

function DeckChoice({
  decks,
  deck,
  onChoose,
}: {
  decks: readonly DeckRow[];
  deck: string;
  onChoose: (id: string) => void;
}) {
  const rows = inLevels(decks).map(({ deck: { id, name }, level, under }): [string, string] => [
    id,
    '\u2003'.repeat(level) + name.slice(under.length).replaceAll('::', ' › '),
  ]);
  return (
    <div class="field">
      <label for="deck">{t('deck')}</label>
      <Select
        id="deck"
        label={t('deck')}
        value={deck}
        choices={[['', t('statsAllDecks')], ...rows]}
        onChange={onChoose}
      />
    </div>
  );
}

interface Asked {
  decks: readonly DeckRow[];
  deck: string;
}

/** Asks the server in the background; what is known here stands meanwhile. */
function useRenewed({ decks, deck }: Asked): 'asking' | 'done' | 'failed' {
  const [state, setState] = useState<'asking' | 'done' | 'failed'>('asking');
  useEffect(() => {
    let current = true;
    setState('asking');
    renewDays(scopeOf(decks, deck)).then(
      (isWhole) => current && setState(isWhole ? 'done' : 'failed'),
      () => current && setState('failed'),
    );
    return () => {
      current = false;
    };
  }, [deck]);
  return state;
}

async function known(store: Store, { decks, deck }: Asked): Promise<Known> {
  const [found, days] = await Promise.all([knownDays(store.engine, scopeOf(decks, deck)), store.daysStudied()]);
  // Which deck was studied on days of long ago is not remembered.
  const studied = new Set([...found.days.keys(), ...(deck ? [] : days)]);
  return { ...found, studied, streak: await knownStreak() };
}

function Everything({ decks, deck, span, onSpan }: Asked & { span: Span; onSpan: (span: Span) => void }) {
  const asked = { decks, deck };
  const renewed = useRenewed(asked);
  const stored = useStored((store) => known(store, asked), ['cards', 'content'], [deck, daysTold.value]);
  const cards = useStored(
    (store) => census(store.engine, store.today(), store.learner().settings.breaks ?? []),
    ['cards', 'content', 'learner'],
  );
  if (stored.state === 'failed') return <FailedToRead reason={stored.reason} />;
  if (stored.state === 'loading') return <Loading />;
  const { days, studied } = stored.value;
  const wanted = new Shelf(decks).retention(deck) ?? parameters.value?.desired_retention ?? 0.9;
  const past = [
    <Fragment key="today">
      <HowMuch known={stored.value} renewed={renewed} />
      <Today {...{ days, studied }} streak={deck ? null : stored.value.streak} today={today.value} />
    </Fragment>,
    <EveryDay key="days" asked={asked} known={stored.value} />,
    <Trend key="trend" {...{ days, wanted, span, onSpan }} today={today.value} />,
  ];
  const isEmpty = days.size === 0 && studied.size === 0;
  return (
    <Gradually>
      {[
        ...(isEmpty ? [<Empty key="empty" hasCards={decks.length > 0} />] : past),
        <Present key="cards" counted={cards} {...asked} />,
      ]}
    </Gradually>
  );
}

function Empty({ hasCards }: { hasCards: boolean }) {
  return (
    <section class="empty">
      <h2>{t('statsEmpty')}</h2>
      <ul class="dots">
        <li>{t('statsEmptyDays')}</li>
        <li>{t('statsEmptyRecall')}</li>
        <li>{t('statsEmptyAhead')}</li>
      </ul>
      <a class="button main" href={hasCards ? '/study' : '/decks/add'}>
        {t(hasCards ? 'statsBegin' : 'addDecks')}
      </a>
    </section>
  );
}

/** The calendar, with days of years ago when it comes to them. */
function EveryDay({ asked, known }: { asked: Asked; known: Known }) {
  const [page, setPage] = useState(0);
  const earlier = useEarlier(asked, known, page);
  const days: Days = useMemo(() => new Map([...earlier.days, ...known.days]), [known, earlier.days]);
  const { breaks } = settings.value;
  return <Calendar {...{ days, breaks, page }} today={today.value} onPage={setPage} end={earlier.end} />;
}

/** What the figures are made of, where that is not everything. */
function HowMuch({ known: { since, at }, renewed }: { known: Known; renewed: 'asking' | 'done' | 'failed' }) {
  if (renewed === 'done' || !learner.value?.id) return null;
  if (renewed === 'asking')
    return since === null ? (
      <p class="muted" role="status">
        {t('statsAsking')}
      </p>
    ) : null;
  const words = since === null ? t('statsHereOnly') : t('statsAsOf', { date: day(at) });
  return (
    <p class="muted note" role="status">
      {words}
    </p>
  );
}

const NO_DAYS: Days = new Map();
type End = 'asking' | 'failed' | 'over' | null;

/** Days before those that are kept, fetched before the calendar comes to them; and why it goes no further back. */
function useEarlier({ decks, deck }: Asked, { since, days }: Known, page: number): { days: Days; end: End } {
  const [earlier, setEarlier] = useState<{ deck: string; days: Days; from: number } | null>(null);
  const [failed, setFailed] = useState(false);
  const here = earlier?.deck === deck ? earlier : null;
  const from = here?.from ?? since;
  const [next = 0] = weeksOf(today.value, page + 1);
  const isMissing = from !== null && next < from && from > 0;
  useEffect(() => {
    if (!isMissing || page === 0) return;
    let current = true;
    setFailed(false);
    earlierDays(from, scopeOf(decks, deck)).then(
      (found) => {
        // A year without any study is the end.
        const left = found.size > 0 ? from - ASKED_DAYS : 0;
        if (current) setEarlier({ deck, days: new Map([...(here?.days ?? []), ...found]), from: left });
      },
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [isMissing, from, deck]);
  if (isMissing) return { days: here?.days ?? NO_DAYS, end: failed ? 'failed' : 'asking' };
  const oldest = Math.min(today.value, ...days.keys(), ...(here?.days.keys() ?? []));
  const [first = 0] = weeksOf(today.value, page);
  return { days: here?.days ?? NO_DAYS, end: oldest < first ? null : 'over' };
}

function Present({ counted, decks, deck }: Asked & { counted: Stored<Census> }) {
  if (counted.state === 'failed') return <FailedToRead reason={counted.reason} />;
  if (counted.state === 'loading') return <Loading />;
  const ids = deck ? scopeOf(decks, deck).decks : decks.map(({ id }) => id);
  const { stands, due, costly } = censusOf(counted.value, ids ?? []);
  if (Object.values(stands).every((cards) => cards === 0)) return null;
  const isBegun = stands.learning + stands.young + stands.mature > 0;
  return (
    <>
      <Stands stands={stands} />
      {isBegun && <Ahead due={due} today={today.value} />}
      {isBegun && <Costly costly={costly} deck={deck} />}
    </>
  );
}
