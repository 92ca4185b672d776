// What the linter says of a note while it is written: quiet hints, some with a fix of one tap, and cards that ask the same.
import { useEffect, useState } from 'preact/hooks';
import { type Fixed, fixOf } from '../fixes';
import { type Finding, lint, type Rule } from '../lint';
import type { NoteFields } from '../notes';
import { plain } from '../plain';
import { store } from '../state/device';
import type { NoteKind, NoteRow } from '../wire';
import { type PlainKey, t } from '../words';
import { tongueOf } from './text';

const AFTER_TYPING_MS = 400;
const DRAFT = '\uffff';

const ruleWords: Readonly<Record<Exclude<Rule, 'broken'>, PlainKey>> = {
  mojibake: 'hintMojibake',
  'long-list': 'hintLongList',
  'gap-cuts-word': 'hintGapCutsWord',
  'trivial-gap': 'hintTrivialGap',
  'answer-in-front': 'hintAnswerInFront',
  'long-answer': 'hintLongAnswer',
  'several-facts': 'hintSeveralFacts',
  'list-without-members': 'hintListWithoutMembers',
  dangling: 'hintDangling',
  'yes-no': 'hintYesNo',
  'bare-number': 'hintBareNumber',
  'missing-context': 'hintMissingContext',
  duplicate: 'hintDuplicate',
  'same-front': 'hintSameFront',
  'near-front': 'hintNearFront',
  'two-numbers': 'hintTwoNumbers',
};

const fixWords: Readonly<Partial<Record<Rule, PlainKey>>> = {
  'long-answer': 'fixLongAnswer',
  'several-facts': 'fixAsList',
  'list-without-members': 'fixAsList',
  'answer-in-front': 'fixHideAnswer',
  'missing-context': 'fixNameTopic',
  'same-front': 'fixNameTopic',
  'gap-cuts-word': 'fixWidenGap',
  'trivial-gap': 'fixDropGap',
};

export interface Hints {
  kind: NoteKind;
  fields: NoteFields;
  format: 'text' | 'html';
  /** The note that is being edited, "" for a new one. */
  noteId: string;
  /** The last level of the deck's name. */
  topic: string;
  /** Whether a fix may make the note one of another kind. */
  free: boolean;
  onFix: (fixed: Fixed) => void;
}

export function Hints(props: Hints) {
  const { kind, fields, format, noteId, topic, free, onFix } = props;
  const said = JSON.stringify([kind, fields]);
  const [found, setFound] = useState<Looked>({ findings: [], alike: [] });
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      void look(props).then((looked) => current && setFound(looked));
    }, AFTER_TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [said, noteId]);
  if (found.findings.length === 0 && found.alike.length === 0) return null;
  return (
    <section class="hints" aria-labelledby="hints" aria-live="polite">
      <h2 id="hints">{t('hints')}</h2>
      <ul class="rows">
        {found.findings.map((finding) => {
          const fixed = format === 'text' ? fixOf(finding, kind, fields, topic) : null;
          const word = fixWords[finding.rule];
          return (
            <li class="row wrap" key={finding.rule + finding.detail}>
              <span class="grow">{ruleWord(finding.rule)}</span>
              {fixed && word && (free || fixed.kind === kind) && (
                <button type="button" class="button" onClick={() => onFix(fixed)}>
                  {t(word)}
                </button>
              )}
            </li>
          );
        })}
        {found.alike.map((note) => (
          <Alike note={note} key={note.id} />
        ))}
      </ul>
    </section>
  );
}

/** What a rule has to say, also of one that only the server knows. */
export function ruleWord(rule: string): string {
  const words: Readonly<Record<string, PlainKey>> = ruleWords;
  const word = words[rule];
  return word ? t(word) : rule;
}

/** A card of the collection that asks nearly the same, so that nobody writes it twice without knowing. */
function Alike({ note }: { note: NoteRow }) {
  const words = plain(Object.values(note.fields)[0] ?? '', note.format);
  return (
    <li>
      <a class="row" href={`/notes/${note.id}`}>
        <span class="grow">
          <span class="muted small">{t('alike')}</span>
          <span class="clip" lang={tongueOf(words)}>
            {words}
          </span>
        </span>
      </a>
    </li>
  );
}

interface Looked {
  findings: readonly Finding[];
  alike: readonly NoteRow[];
}

async function look({ kind, fields, format, noteId }: Hints): Promise<Looked> {
  const texts = plainFields(fields, format);
  const asked = texts.front ?? texts.text ?? '';
  const alike = (await (await store().catalogue()).alike(asked)).filter(
    (note) => note.id !== noteId && note.kind !== 'anki',
  );
  const others = alike.map((note) => ({
    id: note.id,
    kind: note.kind as NoteKind,
    fields: plainFields(note.fields, note.format),
  }));
  const findings = lint([...others, { id: DRAFT, kind, fields: texts }]);
  return { findings: findings.filter(({ card, rule }) => card === DRAFT && rule !== 'broken'), alike };
}

function plainFields(fields: NoteFields, format: 'text' | 'html'): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, plain(text, format)]));
}
