import { useLocation } from 'preact-iso';
import { otherVersions } from '../conflict';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { HistoryOf } from '../parts/history';
import { Icon, type IconName } from '../parts/icon';
import { SourceOf } from '../parts/paper';
import { FailedToRead, Loading, Missing } from '../parts/states';
import { FieldText, tongueOf } from '../parts/text';
import { say } from '../parts/toast';
import { WhyDue } from '../parts/why_due';
import { store, useStored } from '../state/device';
import { write } from '../state/writer';
import type { CardView, EventDraft } from '../store';
import { type PlainKey, t } from '../words';

const WEEK = 7;

/** One card: both sides, why it is due when it is, its history, its source, and what can be done with it. */
export default function Card({ params }: { params: { id: string } }) {
  const stored = useStored((device) => device.view(params.id), ['cards', 'content'], [params.id]);
  const view = stored.state === 'ready' ? stored.value : null;
  return (
    <>
      <Banners update />
      <Bar title={t('card')} back="/cards">
        {view && (
          <a class="icon-button" href={`/notes/${view.note.id}`} aria-label={t('editCard')} title={t('editCard')}>
            <Icon name="edit" />
          </a>
        )}
      </Bar>
      <main class="page stack wide" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {stored.state === 'ready' && !view && <Missing words={t('cardMissing')} />}
        {view && <Whole view={view} />}
      </main>
    </>
  );
}

function Whole({ view }: { view: CardView }) {
  return (
    <>
      <Sides view={view} />
      <section aria-labelledby="why">
        <h2 id="why">{t('whyDue')}</h2>
        <WhyDue view={view} />
      </section>
      <section aria-labelledby="history">
        <h2 id="history">{t('history')}</h2>
        <HistoryOf card={view.card} />
      </section>
      <section aria-labelledby="actions">
        <h2 id="actions">{t('cardActions')}</h2>
        <Actions view={view} />
      </section>
    </>
  );
}

function Sides({ view: { front, back, extra, note, deck } }: { view: CardView }) {
  return (
    <section>
      <dl class="sides">
        <dt>{t('front')}</dt>
        <dd>
          <FieldText text={front} format={note.format} />
        </dd>
        <dt>{t('backSide')}</dt>
        <dd>
          <FieldText text={back} format={note.format} />
        </dd>
        {extra && (
          <>
            <dt>{t('note')}</dt>
            <dd lang={tongueOf(extra)}>
              <FieldText text={extra} format={note.format} />
            </dd>
          </>
        )}
        <dt>{t('deck')}</dt>
        <dd>
          <a href={`/decks/${deck.id}`}>{deck.name.replaceAll('::', ' › ')}</a>
        </dd>
      </dl>
      {otherVersions(note).length > 0 && (
        <p>
          <a class="banner" href={`/notes/${note.id}`}>
            {t('conflict')}
          </a>
        </p>
      )}
      <SourceOf note={note} />
    </section>
  );
}

interface Deed {
  icon: IconName;
  word: PlainKey;
  done: PlainKey;
  event: Omit<EventDraft, 'card_id'>;
}

function deedsFor({ card }: CardView): Deed[] {
  const today = store().today();
  const deeds: Deed[] = [
    card.suspended
      ? { icon: 'play', word: 'unsuspend', done: 'actUnsuspend', event: { kind: 'unsuspend' } }
      : { icon: 'pause', word: 'suspend', done: 'suspended', event: { kind: 'suspend' } },
    card.flag
      ? { icon: 'flag', word: 'unflag', done: 'unflag', event: { kind: 'flag', data: { flag: 0 } } }
      : { icon: 'flag', word: 'flag', done: 'flagged', event: { kind: 'flag', data: { flag: 1 } } },
    { icon: 'clock', word: 'bury', done: 'buried', event: { kind: 'bury', data: { until: today + 1 } } },
  ];
  if (card.phase === 0) return deeds;
  const day = Math.max(today, card.due_day ?? today) + WEEK;
  deeds.push({ icon: 'forward', word: 'postpone', done: 'actDue', event: { kind: 'due', data: { day } } });
  deeds.push({ icon: 'again', word: 'reset', done: 'actReset', event: { kind: 'reset' } });
  return deeds;
}

function Actions({ view }: { view: CardView }) {
  const { route } = useLocation();
  const act = ({ event, done }: Deed) => {
    const prepared = store().prepare({ ...event, card_id: view.card.id });
    write(() => store().record(prepared));
    say(t(done), () => write(() => store().undo(prepared.id)));
  };
  const remove = () => {
    const note = { entity: 'note', entity_id: view.note.id } as const;
    write(() => store().edit({ ...note, op: 'delete' }));
    say(t('noteDeleted'), () => write(() => store().edit({ ...note, op: 'restore' })));
    route('/cards');
  };
  return (
    <div class="rows">
      {deedsFor(view).map((deed) => (
        <button type="button" class="row" key={deed.word} onClick={() => act(deed)}>
          <Icon name={deed.icon} />
          <span class="grow">{t(deed.word)}</span>
        </button>
      ))}
      <button type="button" class="row wrong" onClick={remove}>
        <Icon name="remove" />
        <span class="grow">{t('deleteNote')}</span>
      </button>
    </div>
  );
}
