import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { bring, type ImportSummary, listImports } from '../imports';
import { useAsked, useServerAct } from '../parts/asked';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { TextField } from '../parts/fields';
import { Icon } from '../parts/icon';
import { stateWords } from '../parts/import_words';
import { learner } from '../state/settings';
import { takeShared } from '../state/shared_file';
import { bringText, isProse, listTexts, type TextSummary } from '../texts';
import { percent, t } from '../words';
import { moment } from '../words/time';
import '../style/import.css';

const PASTED = 'text/plain;charset=utf-8';

/** Cards from a file, from the clipboard or from another app; or a text, to find cards in it. */
export default function ImportStart({ query }: { query: Record<string, string> }) {
  const { route } = useLocation();
  const [file, setFile] = useState<File | null>(null);
  const [pasted, setPasted] = useState('');
  const [title, setTitle] = useState('');
  const [sent, setSent] = useState<number | null>(null);
  const { busy, failed, act } = useServerAct();
  useEffect(() => {
    if (query.shared) void takeShared().then((shared) => shared && setFile(shared));
  }, [query.shared]);
  const go = (asText: boolean) =>
    act(async () => {
      const body = file ?? new Blob([pasted], { type: PASTED });
      const to = asText ? bringText : bring;
      const deck = file ? '' : title.normalize('NFC').trim();
      const made = await to(body, { name: file?.name ?? deck, deck }, setSent);
      route(asText ? `/texts/${made.id}` : `/import/${made.id}`);
    });
  const ready = (file !== null || pasted.trim() !== '') && !busy;
  return (
    <>
      <Banners />
      <Bar title={t('importCards')} back="/cards" />
      <main class="page stack wide" id="main">
        <section aria-labelledby="bring">
          <h2 id="bring">{t('bringWhat')}</h2>
          <DropZone file={file} onFile={setFile} />
          {!file && (
            <TextField lines label={t('bringPaste')} hint={t('bringPasteHint')} value={pasted} onInput={setPasted} />
          )}
          {!file && pasted.trim() && <TextField label={t('bringTitle')} value={title} onInput={setTitle} />}
          <Go
            ready={ready}
            prose={file ? isProse(file.name) : isProse(pasted, true)}
            onGo={(asText) => ready && void go(asText)}
          />
          {busy && (
            <p role="status">
              {sent !== null && sent < 1 ? t('bringSent', { share: percent(sent) }) : t('bringReading')}
            </p>
          )}
          {failed && (
            <p class="wrong" role="alert">
              {failed.problem ?? t('cannotReach')}
            </p>
          )}
        </section>
        {learner.value?.id && <Earlier />}
      </main>
    </>
  );
}

/** Two ways with the same thing; the likelier one first. */
function Go({ ready, prose, onGo }: { ready: boolean; prose: boolean; onGo: (asText: boolean) => void }) {
  const cards = (
    <button
      type="button"
      class={prose ? 'button' : 'button main'}
      key="cards"
      aria-disabled={!ready}
      onClick={() => onGo(false)}
    >
      {t('bringCards')}
    </button>
  );
  const text = (
    <button
      type="button"
      class={prose ? 'button main' : 'button'}
      key="text"
      aria-disabled={!ready}
      onClick={() => onGo(true)}
    >
      {t('bringText')}
    </button>
  );
  return <div class="actions fill">{prose ? [text, cards] : [cards, text]}</div>;
}

function DropZone({ file, onFile }: { file: File | null; onFile: (file: File | null) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent) => {
      const [first] = clipboardData?.files ?? [];
      if (first) onFile(first);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [first] = event.dataTransfer?.files ?? [];
    if (first) onFile(first);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same
    <div
      class={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {file ? (
        <>
          <p>
            <b>{file.name}</b>
          </p>
          <button type="button" class="button" onClick={() => onFile(null)}>
            {t('bringOther')}
          </button>
        </>
      ) : (
        <>
          <button type="button" class="button" onClick={() => input.current?.click()}>
            <Icon name="bring" />
            {t('bringChoose')}
          </button>
          <p class="muted small">{t('bringKinds')}</p>
        </>
      )}
      <input
        ref={input}
        type="file"
        hidden
        onChange={({ currentTarget }) => {
          const [first] = currentTarget.files ?? [];
          if (first) onFile(first);
          currentTarget.value = '';
        }}
      />
    </div>
  );
}

/** Imports and texts of before: open ones go on, done ones have their report. */
function Earlier() {
  const imports = useAsked(() => listImports(null));
  const texts = useAsked(() => listTexts(null));
  return (
    <>
      {texts.asked.state === 'ready' && texts.asked.value.items.length > 0 && (
        <section aria-labelledby="texts">
          <h2 id="texts">{t('textsEarlier')}</h2>
          <ul class="rows">
            {texts.asked.value.items.map((text) => (
              <li key={text.id}>
                <TextRow text={text} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {imports.asked.state === 'ready' && imports.asked.value.items.length > 0 && (
        <section aria-labelledby="earlier">
          <h2 id="earlier">{t('importsEarlier')}</h2>
          <ul class="rows">
            {imports.asked.value.items.map((each) => (
              <li key={each.id}>
                <ImportRow item={each} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function TextRow({ text }: { text: TextSummary }) {
  // Nothing is counted of a text that is still being read.
  const isRead = Object.keys(text.counts).length > 0;
  return (
    <a class="row" href={`/texts/${text.id}`}>
      <span class="grow">
        <b>{text.title || text.name || t('textPasted')}</b>
        <span class="muted small">
          {moment(text.created_at)}
          {isRead && ` · ${t('textOpen', { n: text.counts.open ?? 0 })}`}
        </span>
      </span>
      <Icon name="forward" />
    </a>
  );
}

function ImportRow({ item }: { item: ImportSummary }) {
  return (
    <a class="row" href={`/import/${item.id}`}>
      <span class="grow">
        <b>{item.name || t('textPasted')}</b>
        <span class="muted small">
          {moment(item.created_at)} · {t(stateWords[item.state])}
          {item.counts.notes !== undefined && ` · ${t('bringNotes', { n: item.counts.notes })}`}
        </span>
      </span>
      <Icon name="forward" />
    </a>
  );
}
