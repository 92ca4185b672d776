import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import {
  changeImport,
  commitImport,
  deckToStudy,
  forgetImport,
  type Import,
  type ImportChange,
  isUnderWay,
  readImport,
  undoImport,
} from '../imports';
import { useServerAct } from '../parts/asked';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { Conflicts } from '../parts/import_conflicts';
import { Options } from '../parts/import_options';
import { Counts, DecksOf, Samples, SkippedOf } from '../parts/import_report';
import { TableOf } from '../parts/import_table';
import { packageWord, stateWords } from '../parts/import_words';
import { FailedToReach, Loading } from '../parts/states';
import { syncNow } from '../state/device';
import { useFollowing } from '../state/following';
import { number, t } from '../words';
import { moment } from '../words/time';
import '../style/import.css';

/** One import: what is in the file, what is to be done with it, how far it is, what came of it. */
export default function ImportOne({ params }: { params: { id: string } }) {
  const { asked, put } = useFollowing(
    () => readImport(params.id),
    (each) => isUnderWay(each.state),
    [params.id],
  );
  const value = asked.state === 'ready' ? asked.value : null;
  useEffect(() => {
    if (value && (value.state === 'done' || value.state === 'undone')) void syncNow();
  }, [value?.state]);
  return (
    <>
      <Banners />
      <Bar title={value?.name || t('importCards')} back="/import" />
      <main class="page stack wide" id="main">
        {asked.state === 'loading' && <Loading />}
        {asked.state === 'failed' && (
          <FailedToReach problem={asked.problem} onRetry={() => void readImport(params.id).then(put)} />
        )}
        {value && <Stage value={value} put={put} />}
      </main>
    </>
  );
}

interface Stage {
  value: Import;
  put: (value: Import) => void;
}

function Stage({ value, put }: Stage) {
  const { route } = useLocation();
  const { busy, failed, act } = useServerAct();
  const made = packageWord(value.generation);
  const change = (patch: ImportChange) => void act(async () => put(await changeImport(value.id, patch)));
  const commit = () => void act(async () => put(await commitImport(value.id)));
  const undo = () => void act(async () => put(await undoImport(value.id)));
  const forget = () =>
    void act(async () => {
      await forgetImport(value.id);
      route('/import', true);
    });
  return (
    <>
      <p role="status" class="state">
        {t(stateWords[value.state])}
        {made && <span class="muted"> · {t(made)}</span>}
      </p>
      {failed && (
        <p class="wrong" role="alert">
          {failed.problem ?? t('cannotReach')}
        </p>
      )}
      {isUnderWay(value.state) && <UnderWay value={value} onCancel={value.state === 'reading' ? forget : null} />}
      {value.state === 'failed' && <Broken value={value} onChange={change} onForget={forget} />}
      {value.state === 'preview' && (
        <Preview value={value} busy={busy} onChange={change} onCommit={commit} onForget={forget} />
      )}
      {(value.state === 'done' || value.state === 'undone') && <Report value={value} onUndo={undo} onForget={forget} />}
    </>
  );
}

/** Counts, not a spinner; before the number of notes is known, only that it is at work. */
function UnderWay({ value, onCancel }: { value: Import; onCancel: (() => void) | null }) {
  const { done, total } = value.progress;
  return (
    <section>
      {total > 0 && <progress value={done} max={total} aria-label={t(stateWords[value.state])} />}
      <p class="muted" aria-live="polite">
        {total > 0 ? t('imProgress', { done: number(done), total: number(total) }) : t('imCounting')}
      </p>
      {onCancel && (
        <button type="button" class="button" onClick={onCancel}>
          {t('imCancel')}
        </button>
      )}
    </section>
  );
}

interface Acting {
  value: Import;
  onChange: (change: ImportChange) => void;
  onForget: () => void;
}

function Broken({ value, onChange, onForget }: Acting) {
  return (
    <>
      <section class="empty" role="alert">
        <p>{value.problem?.title ?? t('imFailed')}</p>
        {value.problem?.detail && <p class="muted">{value.problem.detail}</p>}
        <p class="muted">{t('imNothingStored')}</p>
      </section>
      <Options value={value} onChange={onChange} />
      <button type="button" class="button" onClick={onForget}>
        {t('imDrop')}
      </button>
    </>
  );
}

function Preview({ value, busy, onChange, onCommit, onForget }: Acting & { busy: boolean; onCommit: () => void }) {
  const { counts } = value;
  const change = (counts.new ?? 0) + (counts.updated ?? 0) + (counts.new_reviews ?? 0) + (counts.conflicts ?? 0);
  return (
    <>
      <Counts value={value} />
      {value.table && <TableOf table={value.table} onChange={(layout) => onChange({ layout })} />}
      <Samples samples={value.samples} />
      <Conflicts value={value} onChange={onChange} />
      <SkippedOf skipped={value.skipped} />
      <DecksOf value={value} />
      <Options value={value} onChange={onChange} />
      <div class="commit actions fill">
        <button type="button" class="button main" aria-disabled={busy} onClick={() => !busy && onCommit()}>
          {change > 0 ? t('imCommit', { n: counts.notes ?? 0 }) : t('imCommitNothing')}
        </button>
        <button type="button" class="button" onClick={onForget}>
          {t('imDrop')}
        </button>
      </div>
    </>
  );
}

function Report({ value, onUndo, onForget }: { value: Import; onUndo: () => void; onForget: () => void }) {
  const deck = deckToStudy(value.decks_made);
  const canUndo = value.state === 'done' && value.undo_until !== null && value.undo_until > Date.now();
  return (
    <>
      {value.state === 'done' && value.decks_made.length > 0 && (
        <a class="button main big" href={deck ? `/study?deck=${deck.id}` : '/study'}>
          {deck ? t('imStudy', { deck: deck.name.replaceAll('::', ' › ') }) : t('imStudyAll')}
        </a>
      )}
      <Counts value={value} />
      <SkippedOf skipped={value.skipped} />
      <DecksOf value={value} />
      {canUndo && value.undo_until !== null && (
        <section>
          <p class="muted">
            {t('imUndoUntil', { time: moment(value.undo_until) })}
            {value.answers_since > 0 && ` ${t('imAnswersSince', { n: value.answers_since })}`}
          </p>
          <button type="button" class="button bad" onClick={onUndo}>
            {t('imUndo')}
          </button>
        </section>
      )}
      <button type="button" class="button" onClick={onForget}>
        {t('imForget')}
      </button>
    </>
  );
}
