import { useId, useRef, useState } from 'preact/hooks';
import { type Draft, newDraft, together } from '../draft';
import type { Fixed } from '../fixes';
import { cardIdOf } from '../ids';
import { faces } from '../notes';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { DraftLine, draftOf, useDraft } from '../parts/drafting';
import { Select } from '../parts/fields';
import { Hints } from '../parts/hints';
import { Icon } from '../parts/icon';
import { NewDeck } from '../parts/new_deck';
import {
  cleaned,
  kindWords,
  NOTE_FORM,
  NoteFieldsForm,
  Preview,
  SaveAbove,
  TagsField,
  wrongIn,
} from '../parts/note_form';
import { FailedToRead, Loading } from '../parts/states';
import { tongueOf } from '../parts/text';
import { say } from '../parts/toast';
import { plain } from '../plain';
import { store, useStored } from '../state/device';
import { sharedFields } from '../state/shared';
import { flush, trouble, write } from '../state/writer';
import type { DeckRow, NoteKind } from '../wire';
import { t } from '../words';

/** The name of the draft of a new note. */
const NEW = 'new';
const KINDS: readonly NoteKind[] = ['basic', 'reverse', 'cloze', 'list', 'type', 'choice'];

/** Adding a card by hand, offline too. */
export default function NewNote({ query }: { query: Record<string, string> }) {
  const stored = useStored(
    async (device) => ({ draft: await draftOf(device, NEW), decks: await device.decks() }),
    ['content'],
  );
  const found = stored.state === 'ready' ? stored.value : null;
  return (
    <>
      <Banners />
      <Bar title={t('newNote')} back="/cards">
        {found && found.decks.length > 0 && <SaveAbove />}
      </Bar>
      <main class="page stack wide" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {found && <WithDecks {...found} query={query} />}
      </main>
    </>
  );
}

/** A deck can be made here: what was shared waits in the address meanwhile. */
function WithDecks({ decks, draft, query }: Found & { query: Record<string, string> }) {
  const of = (id: string | undefined) => decks.find((deck) => deck.id === id);
  const first = of(draft?.deck) ?? of(query.deck) ?? decks[0];
  if (first) return <Form decks={decks} draft={draft} first={first} given={sharedFields(query)} />;
  return (
    <>
      <p>{t('needDeck')}</p>
      <NewDeck />
    </>
  );
}

interface Found {
  decks: readonly DeckRow[];
  draft: Draft | null;
}

interface Starting extends Found {
  first: DeckRow;
  given: Record<string, string>;
}

function Form({ decks, draft, first, given }: Starting) {
  const [back, setBack] = useState(draft);
  const [deck, setDeck] = useState(first.id);
  const [kind, setKind] = useState<NoteKind>(draft?.kind ?? 'basic');
  const [fields, setFields] = useState<Record<string, string>>(together(draft?.fields ?? {}, given));
  const [tags, setTags] = useState<string[]>(draft?.tags ?? []);
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const keeper = useDraft(NEW, newDraft(deck, kind, fields, tags), draft !== null && Object.keys(given).length === 0);
  const underWay = useRef(false);
  const clean = cleaned(kind, fields);
  const wrong = wrongIn(kind, clean);
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong) return;
    // What could not be written yet waits; once more would be a second card.
    if (!underWay.current) {
      underWay.current = true;
      write(async () => {
        const noteFields = { deck_id: deck, kind, fields: clean, tags };
        const id = await store().edit({ entity: 'note', op: 'create', fields: noteFields });
        keeper.forget();
        saved(id);
      });
    }
    await flush();
    underWay.current = trouble.peek() !== null;
  };
  const saved = (id: string) => {
    say(t('saved'));
    setMade(firstCard(id, kind, clean));
    setBack(null);
    setTried(false);
    setFields((now) => (now === fields ? {} : now));
    // What was shared is in a card now: a reload brings it no more.
    history.replaceState(history.state, '', `/notes/new?deck=${deck}`);
    document.querySelector<HTMLElement>('#main textarea')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  };
  const drop = () => {
    const before = { kind, fields, tags };
    setBack(null);
    setKind('basic');
    setFields(given);
    setTags([]);
    say(t('draftDropped'), () => {
      setBack(back);
      setKind(before.kind);
      setFields(before.fields);
      setTags(before.tags);
    });
  };
  return (
    <>
      {back && <DraftLine overtaken={false} onDrop={drop} />}
      {made && <JustMade {...made} />}
      <form class="stack" id={NOTE_FORM} onSubmit={(event) => void save(event)} noValidate>
        <Where decks={decks} deck={deck} kind={kind} onDeck={setDeck} onKind={setKind} />
        <NoteFieldsForm kind={kind} format="text" fields={fields} wrong={tried ? wrong : null} onChange={setFields} />
        <TagsField tags={tags} onChange={setTags} key={String(back === null)} />
        <button type="submit" class="button main">
          {t('save')}
        </button>
      </form>
      <Helped deck={decks.find((each) => each.id === deck)} {...{ kind, fields, setKind, setFields }} />
      <Preview kind={kind} fields={fields} format="text" />
    </>
  );
}

interface Helped {
  deck: DeckRow | undefined;
  kind: NoteKind;
  fields: Record<string, string>;
  setKind: (kind: NoteKind) => void;
  setFields: (fields: Record<string, string>) => void;
}

function Helped({ deck, kind, fields, setKind, setFields }: Helped) {
  const take = (fixed: Fixed) => {
    setKind(fixed.kind);
    setFields(fixed.fields);
  };
  const fix = (fixed: Fixed) => {
    take(fixed);
    say(t('fixDone'), () => take({ kind, fields }));
  };
  const topic = topicOf(deck?.name ?? '');
  return <Hints kind={kind} fields={cleaned(kind, fields)} format="text" noteId="" topic={topic} free onFix={fix} />;
}

interface Made {
  card: string;
  front: string;
}

function firstCard(note: string, kind: NoteKind, fields: Record<string, string>): Made | null {
  const [face] = faces(kind, fields);
  return face ? { card: cardIdOf(note, face.ordinal), front: plain(face.front, 'text') } : null;
}

/** The way to the card that was made last. */
function JustMade({ card, front }: Made) {
  return (
    <a class="row" href={`/cards/${card}`}>
      <span class="grow">
        <span class="muted small">{t('justMade')}</span>
        <span class="clip" lang={tongueOf(front)}>
          {front}
        </span>
      </span>
      <Icon name="forward" />
    </a>
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
