// The fields of a note by its kind, checked as the server checks them, with a preview of the cards they make.
import { useEffect, useState } from 'preact/hooks';
import { faces, InvalidNote, type NoteFields, OPTIONAL, REQUIRED } from '../notes';
import type { NoteKind } from '../wire';
import { type PlainKey, t } from '../words';
import { TextField } from './fields';
import { FieldText, tongueOf } from './text';

export const kindWords: Readonly<Record<NoteKind, PlainKey>> = {
  basic: 'kindBasic',
  reverse: 'kindReverse',
  cloze: 'kindCloze',
  list: 'kindList',
  type: 'kindType',
  choice: 'kindChoice',
};

const fieldWords: Readonly<Record<string, PlainKey>> = {
  front: 'front',
  back: 'backSide',
  note: 'note',
  reverse_front: 'reverseFront',
  reverse_back: 'reverseBack',
  text: 'clozeText',
  items: 'items',
  choices: 'choices',
};

const reasonWords: Readonly<Record<string, PlainKey>> = {
  'cloze-missing': 'clozeMissing',
  'cloze-broken': 'clozeBroken',
  'cloze-nested': 'clozeBroken',
  'cloze-number': 'clozeBroken',
  'answer-not-offered': 'choiceMissing',
  'too-few-choices': 'choiceMissing',
  repeated: 'repeated',
  'too-many': 'tooMany',
};

export interface Wrong {
  field: string;
  words: string;
}

/** What is wrong with the fields, or null when they make cards. */
export function wrongIn(kind: NoteKind, fields: NoteFields): Wrong | null {
  try {
    faces(kind, fields);
    return null;
  } catch (error) {
    if (!(error instanceof InvalidNote)) throw error;
    const key = reasonWords[error.reason];
    return { field: error.field, words: key ? t(key) : t('fieldEmpty', { field: fieldWord(error.field) }) };
  }
}

function fieldWord(name: string): string {
  const key = fieldWords[name];
  return key ? t(key) : name;
}

/** The fields that belong to the kind, in one form of Unicode; empty optional ones are left out. */
export function cleaned(kind: NoteKind, fields: NoteFields): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const name of [...REQUIRED[kind], ...OPTIONAL[kind]]) {
    const value = (fields[name] ?? '').normalize('NFC').trim();
    if (value || REQUIRED[kind].includes(name)) clean[name] = value;
  }
  return clean;
}

interface Fields {
  kind: NoteKind;
  fields: NoteFields;
  wrong: Wrong | null;
  onChange: (fields: Record<string, string>) => void;
}

export function NoteFieldsForm({ kind, fields, wrong, onChange }: Fields) {
  useEffect(() => {
    if (wrong) document.querySelector<HTMLElement>('#main [aria-invalid]')?.focus();
  }, [wrong?.field]);
  return (
    <>
      {[...REQUIRED[kind], ...OPTIONAL[kind]].map((name) => (
        <TextField
          key={name}
          lines
          label={fieldWord(name)}
          hint={name === 'text' ? t('clozeHint', { gap: '{{c1::…}}', hinted: '{{c1::…::…}}' }) : undefined}
          value={fields[name] ?? ''}
          lang={tongueOf(fields[name] ?? '')}
          wrong={wrong?.field === name ? wrong.words : undefined}
          onInput={(value) => onChange({ ...fields, [name]: value })}
        />
      ))}
    </>
  );
}

export function TagsField({ tags, onChange }: { tags: readonly string[]; onChange: (tags: string[]) => void }) {
  const [typed, setTyped] = useState(tags.join(' '));
  const take = (value: string) => {
    setTyped(value);
    onChange(value.normalize('NFC').split(/\s+/).filter(Boolean));
  };
  return <TextField label={t('tags')} value={typed} onInput={take} />;
}

/** The cards that the fields make, or nothing while they do not make any. */
export function Preview({ kind, fields, format }: { kind: NoteKind; fields: NoteFields; format: 'text' | 'html' }) {
  const clean = cleaned(kind, fields);
  if (wrongIn(kind, clean)) return null;
  return (
    <section aria-labelledby="preview">
      <h2 id="preview">{t('preview')}</h2>
      {faces(kind, clean).map((face) => (
        <dl class="sides" key={face.ordinal}>
          <dt>{t('front')}</dt>
          <dd>
            <FieldText text={face.front} format={format} />
          </dd>
          <dt>{t('backSide')}</dt>
          <dd>
            <FieldText text={face.back} format={format} />
          </dd>
        </dl>
      ))}
    </section>
  );
}
