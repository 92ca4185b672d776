import { useId, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Fixed } from '../fixes';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { Select } from '../parts/fields';
import { Hints } from '../parts/hints';
import { NewDeck } from '../parts/new_deck';
import { cleaned, kindWords, NoteFieldsForm, Preview, TagsField, wrongIn } from '../parts/note_form';
import { FailedToRead, Loading } from '../parts/states';
import { say } from '../parts/toast';
import { store, useStored } from '../state/device';
import { sharedFields } from '../state/shared';
import { flush, write } from '../state/writer';
import type { DeckRow, NoteKind } from '../wire';
import { t } from '../words';

const KINDS: readonly NoteKind[] = ['basic', 'reverse', 'cloze', 'list', 'type', 'choice'];

/** Adding a card by hand, offline too. */
export default function NewNote({ query }: { query: Record<string, string> }) {
  const stored = useStored((device) => device.decks(), ['content']);
  return (
    <>
      <Banners />
      <Bar title={t('newNote')} back="/cards" />
      <main class="page stack wide" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {stored.state === 'ready' && <WithDecks decks={stored.value} query={query} />}
      </main>
    </>
  );
}

/** A deck can be made here: what was shared waits in the address meanwhile. */
function WithDecks({ decks, query }: { decks: readonly DeckRow[]; query: Record<string, string> }) {
  const first = decks.find((deck) => deck.id === query.deck) ?? decks[0];
  if (first) return <Form decks={decks} first={first} given={sharedFields(query)} />;
  return (
    <>
      <p>{t('needDeck')}</p>
      <NewDeck />
    </>
  );
}

interface Starting {
  decks: readonly DeckRow[];
  first: DeckRow;
  given: Record<string, string>;
}

function Form({ decks, first, given }: Starting) {
  const { route } = useLocation();
  const [deck, setDeck] = useState(first.id);
  const [kind, setKind] = useState<NoteKind>('basic');
  const [fields, setFields] = useState<Record<string, string>>(given);
  const [tags, setTags] = useState<string[]>([]);
  const [tried, setTried] = useState(false);
  const clean = cleaned(kind, fields);
  const wrong = wrongIn(kind, clean);
  const save = async (then: () => void) => {
    setTried(true);
    if (wrong) return;
    write(() => store().edit({ entity: 'note', op: 'create', fields: { deck_id: deck, kind, fields: clean, tags } }));
    await flush();
    say(t('saved'));
    then();
  };
  const another = () => {
    setFields({});
    setTried(false);
    document.querySelector<HTMLElement>('#main textarea')?.focus();
  };
  const fix = (fixed: Fixed) => {
    const before = { kind, fields };
    setKind(fixed.kind);
    setFields(fixed.fields);
    say(t('fixDone'), () => {
      setKind(before.kind);
      setFields(before.fields);
    });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void save(() => route(`/cards?deck=${deck}`));
  };
  return (
    <>
      <form class="stack" onSubmit={submit} noValidate>
        <Where decks={decks} deck={deck} kind={kind} onDeck={setDeck} onKind={setKind} />
        <NoteFieldsForm kind={kind} format="text" fields={fields} wrong={tried ? wrong : null} onChange={setFields} />
        <TagsField tags={tags} onChange={setTags} />
        <div class="actions fill">
          <button type="submit" class="button main">
            {t('save')}
          </button>
          <button type="button" class="button" onClick={() => void save(another)}>
            {t('saveAndNext')}
          </button>
        </div>
      </form>
      <Hints
        kind={kind}
        fields={clean}
        format="text"
        noteId=""
        topic={topicOf(decks.find((each) => each.id === deck)?.name ?? '')}
        free
        onFix={fix}
      />
      <Preview kind={kind} fields={fields} format="text" />
    </>
  );
}

/** What the deck is about: the last level of its name. */
function topicOf(name: string): string {
  return name.split('::').at(-1) ?? name;
}

interface Where {
  decks: readonly DeckRow[];
  deck: string;
  kind: NoteKind;
  onDeck: (deck: string) => void;
  onKind: (kind: NoteKind) => void;
}

function Where({ decks, deck, kind, onDeck, onKind }: Where) {
  const id = useId();
  return (
    <>
      <div class="field">
        <label for={`${id}-deck`}>{t('deck')}</label>
        <Select
          id={`${id}-deck`}
          label={t('deck')}
          value={deck}
          choices={decks.map((each) => [each.id, each.name.replaceAll('::', ' › ')])}
          onChange={onDeck}
        />
      </div>
      <div class="field">
        <label for={`${id}-kind`}>{t('kind')}</label>
        <Select
          id={`${id}-kind`}
          label={t('kind')}
          value={kind}
          choices={KINDS.map((each) => [each, t(kindWords[each])])}
          onChange={onKind}
        />
      </div>
    </>
  );
}
