// The cards as they stand: how firm, what comes in the next days, and which cost most.

import { plain } from '../../plain';
import { loadOf } from '../../spans';
import { useStored } from '../../state/device';
import { type DeckCensus, STANDS, type Stand } from '../../store/census';
import { number, type PlainKey, percent, t } from '../../words';
import { dateIn, longDate } from '../../words/dates';
import { tongueOf } from '../text';
import { Bars, Part, Table } from './figures';
import { Shares } from './trend';

const standWords: Readonly<Record<Stand, PlainKey>> = {
  new: 'statsNew',
  learning: 'statsLearning',
  young: 'statsYoung',
  mature: 'statsMature',
  suspended: 'statsSuspended',
};

export function Stands({ stands }: { stands: DeckCensus['stands'] }) {
  const all = STANDS.reduce((sum, stand) => sum + stands[stand], 0);
  const seen = stands.learning + stands.young + stands.mature;
  const rows = STANDS.slice(0, stands.suspended > 0 ? undefined : -1);
  return (
    <Part id="stands" title={t('statsCards')} says={t('statsCardsSay', { n: all, seen, mature: stands.mature })}>
      <Shares
        rows={rows.map((stand) => ({
          name: t(standWords[stand]),
          look: `stand-${stand}`,
          share: stands[stand] / all,
          words: `${number(stands[stand])} · ${percent(stands[stand] / all)}`,
        }))}
      />
      <p class="small muted">{t('statsMatureMeans')}</p>
    </Part>
  );
}

export function Ahead({ due, today }: { due: readonly number[]; today: number }) {
  const load = loadOf(due);
  const short = (ahead: number) => dateIn({ month: 'short', day: 'numeric' }, today + ahead);
  if (load.today === 0 && !load.most) return <Part id="ahead" title={t('statsAhead')} says={t('statsAheadNone')} />;
  const nameOf = (ahead: number) => (ahead === 0 ? t('statsToday') : longDate(today + ahead));
  const rows = () => due.map((cards, ahead) => [nameOf(ahead), number(cards)]);
  const most = load.most && t('statsAheadMost', { date: longDate(today + load.most.ahead), n: load.most.cards });
  return (
    <Part
      id="ahead"
      title={t('statsAhead')}
      says={[
        load.weekly > 0 ? t('statsAheadSay', { n: rounded(load.weekly) }) : t('statsAheadFree'),
        most,
        t('statsAheadEnd'),
      ]
        .filter(Boolean)
        .join('')}
    >
      <Bars
        label={t('statsAhead')}
        values={due}
        most={t('statsMost', { most: t('statsCardCount', { n: Math.max(...due) }) })}
        first={t('statsToday')}
        last={short(due.length - 1)}
      />
      <p class="small muted">{t('statsAheadMeans', { n: load.today })}</p>
      <Table title={t('statsAhead')} columns={[t('statsWhen'), t('statsDue')]} rows={rows} />
    </Part>
  );
}

function rounded(cards: number): number {
  return cards < 10 ? Math.max(0.1, Math.round(cards * 10) / 10) : Math.round(cards);
}

export function Costly({ costly, deck }: { costly: DeckCensus['costly']; deck: string }) {
  const ids = costly.map(({ id }) => id);
  const stored = useStored((device) => Promise.all(ids.map((id) => device.view(id))), ['content'], [ids.join()]);
  const views = stored.state === 'ready' ? stored.value : [];
  if (costly.length === 0) return <Part id="costly" title={t('statsCostly')} says={t('statsCostlyNone')} />;
  const query = new URLSearchParams({ q: 'prop:lapses>=3', order: 'lapses', ...(deck && { deck }) });
  return (
    <Part id="costly" title={t('statsCostly')} says={t('statsCostlySay')}>
      <ul class="rows">
        {costly.map(({ id, lapses }) => {
          const view = views.find((each) => each?.card.id === id);
          const front = view ? plain(view.front, view.note.format) : '…';
          return (
            <li key={id}>
              <a class="row" href={`/cards/${id}`}>
                <span class="grow clip" lang={tongueOf(front)}>
                  {front}
                </span>
                <span class="muted small">{t('statsLapses', { n: lapses })}</span>
              </a>
            </li>
          );
        })}
      </ul>
      <a class="button" href={`/cards?${query}`}>
        {t('statsCostlyAll')}
      </a>
    </Part>
  );
}
