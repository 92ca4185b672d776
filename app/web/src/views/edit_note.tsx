import { useState } from 'preact/hooks';
import { otherVersions } from '../conflict';
import { changesOf } from '../note_changes';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { cleaned, NoteFieldsForm, Preview, TagsField, wrongIn } from '../parts/note_form';
import { FailedToRead, Loading, Missing } from '../parts/states';
import { FieldText } from '../parts/text';
import { say } from '../parts/toast';
import { store, useStored } from '../state/device';
import { flush, write } from '../state/writer';
import type { NoteRow } from '../wire';
import { t } from '../words';

/** Editing a note: works offline, and goes to the server with the next sync. */
export default function EditNote({ params }: { params: { id: string } }) {
  const stored = useStored((device) => device.note(params.id), ['content'], [params.id]);
  const note = stored.state === 'ready' ? stored.value : null;
  return (
    <>
      <Banners />
      <Bar title={t('editNote')} back="/cards" />
      <main class="page stack wide" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {stored.state === 'ready' && !note && <Missing words={t('cardMissing')} />}
        {note && <Form note={note} key={note.id} />}
      </main>
    </>
  );
}

function Form({ note }: { note: NoteRow }) {
  const [fields, setFields] = useState<Record<string, string>>(note.fields);
  const [tags, setTags] = useState<string[]>(note.tags);
  const [tried, setTried] = useState(false);
  const wrong = wrongIn(note.kind, cleaned(note.kind, fields));
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong) return;
    const changes =
      changesOf(note, cleaned(note.kind, fields), tags) ?? (note.conflict === undefined ? null : { tags });
    if (changes) write(() => store().edit({ entity: 'note', op: 'update', entity_id: note.id, fields: changes }));
    await flush();
    say(t('saved'));
    history.back();
  };
  return (
    <>
      <Conflict note={note} onUse={(name, text) => setFields({ ...fields, [name]: text })} />
      <form class="stack" onSubmit={(event) => void save(event)} noValidate>
        <NoteFieldsForm kind={note.kind} fields={fields} wrong={tried ? wrong : null} onChange={setFields} />
        <TagsField tags={tags} onChange={setTags} />
        <button type="submit" class="button main">
          {t('save')}
        </button>
      </form>
      <Preview kind={note.kind} fields={fields} format={note.format} />
    </>
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
