// The fields of a note by its kind, checked as the server checks them, with a preview of the cards they make.
import { useEffect, useRef, useState } from 'preact/hooks';
import { faces, InvalidNote, lines, type NoteFields, OPTIONAL, REQUIRED } from '../notes';
import type { Format } from '../typing';
import type { NoteKind } from '../wire';
import { type PlainKey, t } from '../words';
import { TextField } from './fields';
import { Icon } from './icon';
import { givenPictures, overPictures, PictureTools } from './picture_tools';
import { FieldText, tongueOf } from './text';
import { Tools, toolKeys } from './tools';
import '../style/write.css';

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
  'too-few-choices': 'choicesFew',
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

/** The fields that belong to the kind, in one form of Unicode; empty optional ones are left out. `before`: of the note as it stood. */
export function cleaned(kind: NoteKind, fields: NoteFields, before: NoteFields = {}): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const name of [...REQUIRED[kind], ...OPTIONAL[kind]]) {
    const value = (fields[name] ?? '').normalize('NFC').trim();
    if (value || REQUIRED[kind].includes(name)) clean[name] = value;
  }
  return kind === 'choice' ? withAnswer(clean, before.back ?? '') : clean;
}

/** The right answer is a choice whether it was written among them or not; a new one takes the place of the one `before`. */
function withAnswer(clean: Record<string, string>, before: string): Record<string, string> {
  const { back = '', choices = '' } = clean;
  const offered = lines(choices);
  const isThere = offered.length === 0 || back === '' || back.includes('\n') || offered.includes(back);
  if (isThere) return clean;
  const others = offered.includes(before) ? offered.map((each) => (each === before ? back : each)) : [...offered, back];
  return { ...clean, choices: others.join('\n') };
}

/** What saves from outside of the form names it. */
export const NOTE_FORM = 'note-form';

/** Saving within the thumb's way wherever the page is scrolled to. */
export function SaveAbove() {
  return (
    <button type="submit" form={NOTE_FORM} class="button plain">
      <Icon name="good" />
      {t('save')}
    </button>
  );
}

interface Fields {
  kind: NoteKind;
  format: Format;
  fields: NoteFields;
  wrong: Wrong | null;
  onChange: (fields: Record<string, string>) => void;
}

export function NoteFieldsForm({ kind, format, fields, wrong, onChange }: Fields) {
  const used = useRef<HTMLTextAreaElement | null>(null);
  const form = useRef<HTMLDivElement>(null);
  const names = [...REQUIRED[kind], ...OPTIONAL[kind]];
  useEffect(() => {
    if (wrong) document.querySelector<HTMLElement>('#main [aria-invalid]')?.focus();
  }, [wrong?.field]);
  const field = () => (used.current?.isConnected ? used.current : (form.current?.querySelector('textarea') ?? null));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears which of its fields is in use, and their keys
    <div
      class="stack"
      ref={form}
      onFocusIn={({ target }) => {
        if (target instanceof HTMLTextAreaElement) used.current = target;
      }}
      onKeyDown={(event) => toolKeys(event, format, kind === 'cloze')}
      onPaste={(event) => givenPictures(event, format)}
      onDragOver={overPictures}
      onDrop={(event) => givenPictures(event, format)}
    >
      <Tools format={format} cloze={kind === 'cloze'} field={field}>
        <PictureTools format={format} field={field} />
      </Tools>
      {names.map((name) => (
        <TextField
          key={name}
          lines
          name={name}
          label={fieldWord(name)}
          hint={hintOf(name)}
          value={fields[name] ?? ''}
          lang={tongueOf(fields[name] ?? '')}
          wrong={wrong?.field === name ? wrong.words : undefined}
          onInput={(value) => onChange({ ...fields, [name]: value })}
        />
      ))}
      {format === 'text' && (
        <p class="muted small">
          {t('markupHint', { bold: `**${t('toolBold')}**`, ruby: '{汉|hàn}', formula: '$x^2$' })}
        </p>
      )}
    </div>
  );
}

function hintOf(name: string): string | undefined {
  return name === 'text' ? t('clozeHint', { gap: '{{c1::…}}', hinted: '{{c1::…::…}}' }) : undefined;
}

export function TagsField({ tags, onChange }: { tags: readonly string[]; onChange: (tags: string[]) => void }) {
  const [typed, setTyped] = useState(tags.join(' '));
  const take = (value: string) => {
    setTyped(value);
    onChange(value.normalize('NFC').split(/\s+/).filter(Boolean));
  };
  return <TextField label={t('tags')} value={typed} onInput={take} />;
}

/** The cards that the fields make, as studying shows them. */
export function Preview({ kind, fields, format, media }: Previewed) {
  const clean = cleaned(kind, fields);
  const wrong = wrongIn(kind, clean);
  const made = wrong ? [] : faces(kind, clean);
  // What is not filled in yet is no fault; what stands there and makes no card says why.
  const why = wrong && clean[wrong.field] ? wrong.words : t('previewNone');
  return (
    <section aria-labelledby="preview" class="preview">
      <h2 id="preview">{t('preview')}</h2>
      <p class="muted small">{made.length > 0 ? t('previewCount', { n: made.length }) : why}</p>
      {made.slice(0, MOST_SHOWN).map((face) => (
        <dl class="sides" key={face.ordinal}>
          <dt>{t('front')}</dt>
          <dd>
            <FieldText text={face.front} format={format} media={media} />
          </dd>
          <dt>{t('backSide')}</dt>
          <dd>
            <FieldText text={face.back} format={format} media={media} />
          </dd>
          {face.note && face.ordinal === 0 && (
            <>
              <dt>{t('note')}</dt>
              <dd>
                <FieldText text={face.note} format={format} media={media} />
              </dd>
            </>
          )}
        </dl>
      ))}
    </section>
  );
}

const MOST_SHOWN = 12;

interface Previewed {
  kind: NoteKind;
  fields: NoteFields;
  format: Format;
  media?: Record<string, string> | undefined;
}
