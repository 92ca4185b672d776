// The tools of the text fields of a note: one row for all fields, acting on the field that was in use last.
import { useRef } from 'preact/hooks';
import { type Format, gapped, listed, type Mark, marked, type Typed, tabled } from '../typing';
import { type PlainKey, t } from '../words';

type Act = (typed: Typed) => Typed;

const marks: readonly (readonly [Mark, PlainKey])[] = [
  ['bold', 'toolBold'],
  ['italic', 'toolItalic'],
  ['ruby', 'toolRuby'],
  ['formula', 'toolFormula'],
  ['code', 'toolCode'],
];

interface Tools {
  format: Format;
  cloze: boolean;
  /** The field to act on, or null when there is none. */
  field: () => HTMLTextAreaElement | null;
  /** Tools that must be within reach before the row is moved sideways. */
  children?: preact.ComponentChildren;
}

export function Tools({ format, cloze, field, children }: Tools) {
  const bar = useRef<HTMLDivElement>(null);
  const tool = (word: PlainKey, act: Act, key?: string) => (
    <button
      type="button"
      class="tool"
      key={word}
      aria-keyshortcuts={key}
      onPointerDown={keepFocus}
      onMouseDown={keepFocus}
      onClick={() => applied(field(), act)}
    >
      {t(word)}
    </button>
  );
  return (
    <div class="tools" role="toolbar" aria-label={t('tools')} ref={bar} onKeyDown={(event) => rove(bar.current, event)}>
      {cloze && tool('toolGap', gapped, 'Control+Shift+C')}
      {children}
      {cloze && tool('toolSameGap', (typed) => gapped(typed, true))}
      {marks.map(([mark, word]) => tool(word, (typed) => marked(typed, format, mark)))}
      {tool('toolList', (typed) => listed(typed, format))}
      {tool('toolTable', (typed) => tabled(typed, format))}
    </div>
  );
}

// A tool that took the focus would close the keyboard of the phone.
export function keepFocus(event: Event): void {
  event.preventDefault();
}

/** Arrow keys go from tool to tool. */
function rove(bar: HTMLElement | null, event: KeyboardEvent): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (!bar || step === 0) return;
  const tools = [...bar.querySelectorAll<HTMLElement>('.tool')];
  const at = tools.indexOf(document.activeElement as HTMLElement);
  tools[(at + step + tools.length) % tools.length]?.focus();
  event.preventDefault();
}

/** Does `act` to a field as if it had been typed, so that the browser's own undo takes it back. */
export function applied(field: HTMLTextAreaElement | null, act: Act): void {
  if (!field) return;
  const before = { text: field.value, start: field.selectionStart, end: field.selectionEnd };
  const after = act(before);
  const [from, to, put] = difference(before.text, after.text);
  field.focus();
  field.setSelectionRange(from, to);
  const isTyped = put === '' ? document.execCommand('delete') : document.execCommand('insertText', false, put);
  if (!isTyped) {
    field.setRangeText(put, from, to);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  field.setSelectionRange(after.start, after.end);
}

/** The part of `before` that gives way, and what stands there in `after`. */
function difference(before: string, after: string): [from: number, to: number, put: string] {
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from++;
  let end = 0;
  while (end < before.length - from && end < after.length - from && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [from, before.length - end, after.slice(from, after.length - end)];
}

/** Keys of a field: bold, italic and gap as everywhere else. */
export function toolKeys(event: KeyboardEvent, format: Format, cloze: boolean): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !(event.target instanceof HTMLTextAreaElement)) return;
  const key = event.key.toLowerCase();
  const act: Act | null =
    key === 'b' && !event.shiftKey
      ? (typed) => marked(typed, format, 'bold')
      : key === 'i' && !event.shiftKey
        ? (typed) => marked(typed, format, 'italic')
        : key === 'c' && event.shiftKey && cloze
          ? gapped
          : null;
  if (!act) return;
  event.preventDefault();
  applied(event.target, act);
}
