// One candidate at a time, with its neighbours a key or a tap away. a accepts, r rejects, e edits, j and k go on and back, u undoes.
import { useEffect, useRef, useState } from 'preact/hooks';
import { faces } from '../notes';
import { useKeys } from '../state/keys';
import type { Reviewing } from '../state/reviewing';
import type { Candidate, Verdict } from '../texts';
import { type PlainKey, t } from '../words';
import { ruleWord } from './hints';
import { Icon } from './icon';
import { cleaned, NoteFieldsForm, wrongIn } from './note_form';
import { FieldText } from './text';

interface Candidates {
  listed: readonly Candidate[];
  reviewing: Reviewing;
  onCurrent: (candidate: Candidate | null) => void;
  onEnd: () => void;
}

export function Candidates({ listed, reviewing, onCurrent, onEnd }: Candidates) {
  const [place, setPlace] = useState(() => Math.max(0, listed.findIndex(isOpen)));
  const [editing, setEditing] = useState(false);
  const current = listed[Math.min(place, listed.length - 1)] ?? null;
  const top = useRef<HTMLElement>(null);
  useEffect(() => onCurrent(current), [current?.id]);
  const go = (to: number) => {
    setEditing(false);
    setPlace(Math.min(Math.max(0, to), listed.length - 1));
    if ((top.current?.getBoundingClientRect().top ?? 0) > innerHeight * LOW) top.current?.scrollIntoView();
  };
  const decide = (verdict: Verdict, fields?: Record<string, string>) => {
    if (!current) return;
    reviewing.decide(current, verdict, fields);
    if (!listed.some((each) => each !== current && isOpen(each))) {
      setEditing(false);
      return onEnd();
    }
    const next = listed.findIndex((each, at) => at > place && isOpen(each));
    go(next < 0 ? place + 1 : next);
  };
  const undo = () =>
    void reviewing.undo().then(([first]) => {
      const at = first ? listed.findIndex(({ id }) => id === first.id) : -1;
      if (at >= 0) go(at);
    });
  useKeys({
    a: () => decide('accepted'),
    r: () => decide('rejected'),
    e: () => setEditing(true),
    j: () => go(place + 1),
    k: () => go(place - 1),
    u: undo,
  });
  if (!current) return <p class="empty">{t('reviewNothing')}</p>;
  return (
    <section class="candidate" aria-label={t('reviewCandidate')} ref={top}>
      <div class="steps">
        <button type="button" class="icon-button" aria-label={t('reviewBack')} onClick={() => go(place - 1)}>
          <Icon name="back" />
        </button>
        <p class="grow muted" role="status">
          {t('reviewPlace', { n: place + 1, all: listed.length })}
          {current.verdict && ` · ${t(verdictWords[current.verdict])}`}
        </p>
        <button type="button" class="icon-button" aria-label={t('reviewOn')} onClick={() => go(place + 1)}>
          <Icon name="forward" />
        </button>
      </div>
      {editing ? (
        <Edit
          candidate={current}
          key={current.id}
          onSave={(fields) => decide('edited', fields)}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <>
          <Shown candidate={current} key={current.id} onDecide={decide} />
          <div class="verdicts">
            <button type="button" class="button bad" onClick={() => decide('rejected')} aria-keyshortcuts="r">
              {t('reviewReject')}
              <Key name="R" />
            </button>
            <button type="button" class="button" onClick={() => setEditing(true)} aria-keyshortcuts="e">
              {t('reviewEdit')}
              <Key name="E" />
            </button>
            <button type="button" class="button main" onClick={() => decide('accepted')} aria-keyshortcuts="a">
              {t('reviewAccept')}
              <Key name="A" />
            </button>
          </div>
          <button
            type="button"
            class="button plain"
            aria-disabled={!reviewing.document.can_undo}
            onClick={undo}
            aria-keyshortcuts="u"
          >
            <Icon name="undo" />
            {t('undo')}
            <Key name="U" />
          </button>
        </>
      )}
    </section>
  );
}

/** On a small screen a card lower than this share of it would have its answer under the buttons. */
const LOW = 0.3;

function isOpen({ verdict }: Candidate): boolean {
  return verdict === null;
}

const verdictWords: Readonly<Record<Verdict, PlainKey>> = {
  accepted: 'reviewAccepted',
  edited: 'reviewEdited',
  rejected: 'reviewRejected',
};

function Key({ name }: { name: string }) {
  return (
    <span class="key" aria-hidden="true">
      {name}
    </span>
  );
}

const SWIPED = 0.3;

interface ShownCandidate {
  candidate: Candidate;
  onDecide: (verdict: Verdict) => void;
}

/** The cards that it would make. A swipe to the right accepts, to the left rejects. */
function Shown({ candidate, onDecide }: ShownCandidate) {
  const [from, setFrom] = useState<readonly [number, number] | null>(null);
  const [pull, setPull] = useState(0);
  const fields = candidate.own_fields ?? candidate.fields;
  const made = wrongIn(candidate.kind, cleaned(candidate.kind, fields)) ? [] : faces(candidate.kind, fields);
  const move = ({ touches: [touch] }: TouchEvent) => {
    if (!from || !touch) return;
    const [x, y] = [touch.clientX - from[0], touch.clientY - from[1]];
    setPull(Math.abs(x) > 2 * Math.abs(y) ? x / innerWidth : 0);
  };
  const end = () => {
    setFrom(null);
    setPull(0);
    if (pull > SWIPED) onDecide('accepted');
    if (pull < -SWIPED) onDecide('rejected');
  };
  const look = pull > SWIPED ? 'faces taken' : pull < -SWIPED ? 'faces left-out' : 'faces';
  return (
    <div
      class={look}
      onTouchStart={({ touches: [touch] }) => touch && setFrom([touch.clientX, touch.clientY])}
      onTouchMove={move}
      onTouchEnd={end}
      onTouchCancel={() => setPull(0)}
      style={{ transform: pull ? `translateX(${Math.round(pull * 100)}%)` : '' }}
    >
      {candidate.section.length > 0 && <p class="muted small">{candidate.section.join(' › ')}</p>}
      {candidate.changed && <p class="banner">{t('reviewChanged')}</p>}
      {candidate.gone && <p class="banner">{t('reviewGone')}</p>}
      {made.slice(0, 8).map((face) => (
        <dl class="sides" key={face.ordinal}>
          <dt>{t('front')}</dt>
          <dd>
            <FieldText text={face.front} format="text" />
          </dd>
          <dt>{t('backSide')}</dt>
          <dd>
            <FieldText text={face.back} format="text" />
          </dd>
        </dl>
      ))}
      {candidate.findings.map((rule) => (
        <p class="muted small" key={rule}>
          {ruleWord(rule)}
        </p>
      ))}
    </div>
  );
}

interface Edit {
  candidate: Candidate;
  onSave: (fields: Record<string, string>) => void;
  onCancel: () => void;
}

function Edit({ candidate, onSave, onCancel }: Edit) {
  const [fields, setFields] = useState<Record<string, string>>(candidate.own_fields ?? candidate.fields);
  const [tried, setTried] = useState(false);
  const clean = cleaned(candidate.kind, fields);
  const wrong = wrongIn(candidate.kind, clean);
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!wrong) onSave(clean);
  };
  return (
    <form class="stack" onSubmit={save} noValidate>
      <NoteFieldsForm
        kind={candidate.kind}
        format="text"
        fields={fields}
        wrong={tried ? wrong : null}
        onChange={setFields}
      />
      <div class="verdicts">
        <button type="button" class="button" onClick={onCancel}>
          {t('reviewCancel')}
        </button>
        <button type="submit" class="button main">
          {t('reviewSave')}
        </button>
      </div>
    </form>
  );
}
