import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useServerAct } from '../parts/asked';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { Candidates } from '../parts/candidates';
import { Select, SwitchRow, TextField } from '../parts/fields';
import { SourcePane } from '../parts/source_pane';
import { FailedToReach, Loading } from '../parts/states';
import { say } from '../parts/toast';
import { syncNow, useStored } from '../state/device';
import { useFollowing } from '../state/following';
import { type Reviewing, useReviewing } from '../state/reviewing';
import { type Candidate, commitText, forgetText, readText, type TextDocument, type Verdict } from '../texts';
import { number, type PlainKey, t } from '../words';
import '../style/import.css';
import '../style/review.css';

/** The candidate cards of a text beside the text: accepted, edited or rejected one by one or kind by kind. */
export default function TextReview({ params }: { params: { id: string } }) {
  const { asked, put } = useFollowing(
    () => readText(params.id),
    (text) => text.state === 'reading',
    [params.id],
  );
  const text = asked.state === 'ready' ? asked.value : null;
  return (
    <>
      <Banners />
      <Bar title={text?.title || text?.name || t('bringText')} back="/import" />
      <main class="page wide review" id="main">
        {asked.state === 'loading' && <Loading />}
        {asked.state === 'failed' && (
          <FailedToReach problem={asked.problem} onRetry={() => void readText(params.id).then(put)} />
        )}
        {text?.state === 'reading' && <Reading text={text} />}
        {text?.state === 'failed' && <Broken text={text} />}
        {text?.state === 'ready' && <Review text={text} key={text.id} />}
      </main>
    </>
  );
}

function Reading({ text: { progress } }: { text: TextDocument }) {
  return (
    <section role="status">
      <p>{t('reviewReading')}</p>
      {progress.total > 0 && (
        <>
          <progress value={progress.done} max={progress.total} aria-label={t('reviewReading')} />
          <p class="muted">{`${number(progress.done)} / ${number(progress.total)}`}</p>
        </>
      )}
    </section>
  );
}

function Broken({ text }: { text: TextDocument }) {
  const { route } = useLocation();
  return (
    <div class="empty" role="alert">
      <p>{text.problem?.title ?? t('imFailed')}</p>
      <button type="button" class="button" onClick={() => void forgetText(text.id).then(() => route('/import', true))}>
        {t('reviewForget')}
      </button>
    </div>
  );
}

function Review({ text }: { text: TextDocument }) {
  const [more, setMore] = useState(false);
  const reviewing = useReviewing(text, more);
  const [group, setGroup] = useState('');
  const [tab, setTab] = useState<'cards' | 'source'>('cards');
  const [current, setCurrent] = useState<Candidate | null>(null);
  if (!reviewing) return <Loading />;
  const { document, candidates } = reviewing;
  const listed = candidates.filter((each) => (group === '' || each.group === group) && (more || each.shown));
  return (
    <>
      <Coverage document={document} />
      {reviewing.trouble !== null && (
        <p class="wrong" role="alert">
          {reviewing.trouble || t('cannotReach')}
        </p>
      )}
      <Groups reviewing={reviewing} group={group} onGroup={setGroup} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these two only choose what is shown */}
      <div class="tabs" role="group" aria-label={t('reviewTabs')}>
        <button type="button" class="button" aria-pressed={tab === 'cards'} onClick={() => setTab('cards')}>
          {t('cards')}
        </button>
        <button type="button" class="button" aria-pressed={tab === 'source'} onClick={() => setTab('source')}>
          {t('reviewSource')}
        </button>
      </div>
      <div class={`beside ${tab}`}>
        <SourcePane document={document.id} current={current} candidates={candidates} />
        <Candidates
          listed={listed}
          reviewing={reviewing}
          onCurrent={setCurrent}
          onEnd={toMake}
          key={`${group} ${more}`}
        />
      </div>
      <div class="rows">
        <SwitchRow label={t('reviewMore', { n: document.counts.more ?? 0 })} on={more} onChange={setMore} />
      </div>
      <Commit document={document} onDone={() => void reviewing.reload()} />
    </>
  );
}

function Coverage({ document: { covered, paragraphs, counts, guessed, encoding } }: { document: TextDocument }) {
  const taken = (counts.accepted ?? 0) + (counts.edited ?? 0);
  const judged = taken + (counts.rejected ?? 0);
  return (
    <section>
      <p role="status">
        {t('reviewCounts', {
          open: number(counts.open ?? 0),
          taken: number(taken),
          rejected: number(counts.rejected ?? 0),
        })}
      </p>
      <p class="muted small">
        {t('reviewCoverage', { covered: number(covered), all: number(paragraphs) })}
        {guessed && ` · ${t('reviewGuessed', { encoding })}`}
      </p>
      <progress value={judged} max={Math.max(1, judged + (counts.open ?? 0))} aria-label={t('reviewJudged')} />
    </section>
  );
}

/** Everything is judged: what is left to do stands further down. */
function toMake() {
  document.getElementById('make')?.scrollIntoView();
}

const groupWords: Readonly<Record<string, PlainKey>> = {
  term: 'groupTerm',
  rule: 'groupRule',
  number: 'groupNumber',
  list: 'groupList',
  order: 'groupOrder',
  who: 'groupWho',
  question: 'groupQuestion',
  pair: 'groupPair',
  reason: 'groupReason',
};

function groupWord(group: string): string {
  const word = groupWords[group];
  return word ? t(word) : group;
}

interface Groups {
  reviewing: Reviewing;
  group: string;
  onGroup: (group: string) => void;
}

function Groups({ reviewing, group, onGroup }: Groups) {
  const { groups } = reviewing.document;
  const choices: [string, string][] = groups.map((each) => [
    each.group,
    `${groupWord(each.group)} (${number(each.open)})`,
  ]);
  const all = (verdict: Verdict) => reviewing.decideAll({ group }, verdict);
  return (
    <div class="filters">
      <Select
        id="review-group"
        label={t('reviewKind')}
        value={group}
        choices={[['', t('reviewAllKinds')], ...choices]}
        onChange={onGroup}
      />
      {group !== '' && (
        <div class="actions fill">
          <button type="button" class="button" onClick={() => all('accepted')}>
            {t('reviewAcceptKind')}
          </button>
          <button type="button" class="button" onClick={() => all('rejected')}>
            {t('reviewRejectKind')}
          </button>
        </div>
      )}
    </div>
  );
}

const NEW = '';

/** Makes cards of what was accepted, in a deck of the learner's choice. */
function Commit({ document, onDone }: { document: TextDocument; onDone: () => void }) {
  const { route } = useLocation();
  const { busy, failed, act } = useServerAct();
  const decks = useStored((device) => device.decks(), ['content']);
  const [deck, setDeck] = useState(document.deck_id ?? NEW);
  const fileless = document.name.replace(/\.[A-Za-z0-9]{2,8}$/, '');
  // A name that is no file's was given by the learner to what they pasted.
  const given = fileless === document.name ? fileless : '';
  const [name, setName] = useState(given || document.title || fileless || t('textPasted'));
  const taken = (document.counts.accepted ?? 0) + (document.counts.edited ?? 0) - (document.counts.added ?? 0);
  const known = decks.state === 'ready' ? decks.value : [];
  const ready = !busy && taken > 0 && (deck !== NEW || name.trim() !== '');
  const make = () =>
    void act(async () => {
      const where = deck === NEW ? { deck_name: name.normalize('NFC').trim() } : { deck_id: deck };
      const made = await commitText(document.id, where);
      setDeck(made.deck_id);
      await syncNow();
      onDone();
      say(t('reviewMade', { n: made.added }));
      route(`/cards?deck=${made.deck_id}`);
    });
  return (
    <section class="stack make" aria-labelledby="make">
      <h2 id="make">{t('reviewMake')}</h2>
      <div class="field">
        <label for="make-deck">{t('deck')}</label>
        <Select
          id="make-deck"
          label={t('deck')}
          value={deck}
          choices={[
            [NEW, t('reviewNewDeck')],
            ...known.map((each): [string, string] => [each.id, each.name.replaceAll('::', ' › ')]),
          ]}
          onChange={setDeck}
        />
      </div>
      {deck === NEW && <TextField label={t('reviewDeckName')} value={name} onInput={setName} />}
      {failed && (
        <p class="wrong" role="alert">
          {failed.problem ?? t('cannotReach')}
        </p>
      )}
      <button type="button" class="button main big" aria-disabled={!ready} onClick={() => ready && make()}>
        {t('reviewMakeNow', { n: Math.max(0, taken) })}
      </button>
    </section>
  );
}
