import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { otherVersions } from '../conflict';
import { type Draft, editDraft, takenUp } from '../draft';
import { changesOf } from '../note_changes';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { DraftLine, draftOf, useDraft } from '../parts/drafting';
import { TextField } from '../parts/fields';
import { Hints } from '../parts/hints';
import { cleaned, NOTE_FORM, NoteFieldsForm, Preview, SaveAbove, TagsField, wrongIn } from '../parts/note_form';
import { FailedToRead, Loading, Missing } from '../parts/states';
import { FieldText, tongueOf } from '../parts/text';
import { say } from '../parts/toast';
import { store, useStored } from '../state/device';
import { pagesBehind } from '../state/path';
import { flush, trouble, write } from '../state/writer';
import type { NoteKind, NoteRow } from '../wire';
import { t } from '../words';

/** Editing a note: works offline, and goes to the server with the next sync. */
export default function EditNote({ params }: { params: { id: string } }) {
  const stored = useStored(
    async (device) => {
      const note = await device.note(params.id);
      const draft = await draftOf(device, params.id);
      return { note, draft, deck: note && (await device.deck(note.deck_id)) };
    },
    ['content'],
    [params.id],
  );
  const found = stored.state === 'ready' ? stored.value : null;
  return (
    <>
      <Banners />
      <Bar title={t('editNote')} back="/cards">
        {found?.note && <SaveAbove />}
      </Bar>
      <main class="page stack wide" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {found && !found.note && <Missing words={t('cardMissing')} />}
        {found?.note && (
          <Form
            note={found.note}
            draft={found.draft}
            topic={found.deck?.name.split('::').at(-1) ?? ''}
            key={found.note.id}
          />
        )}
      </main>
    </>
  );
}

function Form({ note, draft, topic }: { note: NoteRow; draft: Draft | null; topic: string }) {
  const { route } = useLocation();
  // What comes from elsewhere meanwhile stands where the learner changed nothing.
  const [begun] = useState(note);
  const [back, setBack] = useState(() => takenUp(note, draft));
  const [fields, setFields] = useState<Record<string, string>>(back?.fields ?? note.fields);
  const [tags, setTags] = useState<string[]>(back?.tags ?? note.tags);
  const keeper = useDraft(note.id, editDraft(begun, fields, tags), back !== null);
  const [tried, setTried] = useState(false);
  const { kind, format } = note;
  const clean = kind === 'anki' ? composed(fields) : cleaned(kind, fields, begun.fields);
  const wrong = kind === 'anki' ? null : wrongIn(kind, clean);
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong) return;
    const changes = changesOf(begun, clean, tags) ?? (note.conflict === undefined ? null : { tags });
    write(async () => {
      if (changes) await store().edit({ entity: 'note', op: 'update', entity_id: note.id, fields: changes });
      keeper.forget();
    });
    await flush();
    if (!trouble.peek()) say(t('saved'));
    if (pagesBehind() > 0) history.back();
    else route('/cards', true);
  };
  const drop = () => {
    setBack(null);
    setFields(begun.fields);
    setTags(begun.tags);
    say(t('draftDropped'), () => {
      setBack(back);
      setFields(fields);
      setTags(tags);
    });
  };
  return (
    <>
      <Conflict note={note} onUse={(name, text) => setFields({ ...fields, [name]: text })} />
      {back && <DraftLine overtaken={back.overtaken} onDrop={drop} />}
      <form class="stack" id={NOTE_FORM} onSubmit={(event) => void save(event)} noValidate>
        {kind === 'anki' ? (
          <OwnFields fields={fields} onChange={setFields} />
        ) : (
          <NoteFieldsForm
            kind={kind}
            format={format}
            fields={fields}
            wrong={tried ? wrong : null}
            onChange={setFields}
          />
        )}
        <TagsField tags={tags} onChange={setTags} key={String(back === null)} />
        <button type="submit" class="button main">
          {t('save')}
        </button>
      </form>
      {kind === 'anki' ? (
        <Sides note={note} />
      ) : (
        <Helped note={note} kind={kind} topic={topic} fields={fields} onFix={setFields} />
      )}
    </>
  );
}

interface Helped {
  note: NoteRow;
  kind: NoteKind;
  topic: string;
  fields: Record<string, string>;
  onFix: (fields: Record<string, string>) => void;
}

function Helped({ note, kind, topic, fields, onFix }: Helped) {
  const fix = (fixed: Record<string, string>) => {
    onFix(fixed);
    say(t('fixDone'), () => onFix(fields));
  };
  const clean = cleaned(kind, fields, note.fields);
  return (
    <>
      <Hints
        kind={kind}
        fields={clean}
        format={note.format}
        noteId={note.id}
        topic={topic}
        free={false}
        onFix={(fixed) => fix(fixed.fields)}
      />
      <Preview kind={kind} fields={clean} format={note.format} media={note.media} />
    </>
  );
}

function composed(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, text.normalize('NFC')]));
}

/** The fields of a note from another program under their own names, as that program's markup. */
function OwnFields({
  fields,
  onChange,
}: {
  fields: Record<string, string>;
  onChange: (all: Record<string, string>) => void;
}) {
  return (
    <>
      {Object.entries(fields).map(([name, text]) => (
        <TextField
          key={name}
          lines
          name={name}
          label={name}
          value={text}
          lang={tongueOf(text)}
          onInput={(value) => onChange({ ...fields, [name]: value })}
        />
      ))}
    </>
  );
}

/** What the cards of such a note show; the server makes it, so it follows a change with the next sync. */
function Sides({ note }: { note: NoteRow }) {
  return (
    <section aria-labelledby="preview">
      <h2 id="preview">{t('preview')}</h2>
      <p class="muted small">{t('previewLater')}</p>
      {(note.sides ?? []).slice(0, 12).map(({ ordinal, front, back }) => (
        <dl class="sides" key={ordinal}>
          <dt>{t('front')}</dt>
          <dd>
            <FieldText text={front} format="html" media={note.media} />
          </dd>
          <dt>{t('backSide')}</dt>
          <dd>
            <FieldText text={back} format="html" media={note.media} />
          </dd>
        </dl>
      ))}
    </section>
  );
}

/** The same field was changed on two devices: both versions, and the choice. */
function Conflict({ note, onUse }: { note: NoteRow; onUse: (field: string, text: string) => void }) {
  const versions = otherVersions(note);
  if (versions.length === 0) return null;
  return (
    <section aria-labelledby="conflict">
      <h2 id="conflict">{t('conflict')}</h2>
      {versions.map(({ field, kept, other }) => (
        <dl class="sides" key={field}>
          <dt>{t('conflictKept')}</dt>
          <dd>
            <FieldText text={kept} format={note.format} />
          </dd>
          <dt>{t('conflictOther')}</dt>
          <dd>
            <FieldText text={other} format={note.format} />
            <button type="button" class="button" onClick={() => onUse(field, other)}>
              {t('useOther')}
            </button>
          </dd>
        </dl>
      ))}
    </section>
  );
}
