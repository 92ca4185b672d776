// Markup of imported cards. The server has sanitised it already; the phone does so again with the same short allowlist,
// through the browser's own sanitiser where there is one, else through DOMPurify, which is loaded only then.
import { addressOf } from './media_address';

const elements = [
  'b', 'strong', 'i', 'em', 'u', 's', 'sub', 'sup', 'small', 'mark', 'code', 'pre', 'kbd', 'br', 'hr', 'p', 'div', 'span',
  'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'blockquote', 'ruby', 'rt', 'rp', 'img',
  'audio', 'video', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'details', 'summary', 'del', 'ins', 'q', 'figure', 'figcaption',
  'caption', 'tfoot', 'wbr',
] as const; // biome-ignore format: a list reads best in few lines
/** Of the others that the server lets through only the words stay: the sanitiser would take those away as well. */
const unwrapped = ['a', 'abbr', 'bdi', 'bdo', 'cite', 'dfn', 'samp', 'time', 'tt', 'var'] as const;
const attributes = ['lang', 'dir', 'colspan', 'rowspan', 'alt', 'src', 'controls'] as const;

interface Sanitizing {
  setHTML(html: string, options: { sanitizer: Record<string, readonly string[]> }): void;
}

function sanitizes(element: object): element is Sanitizing {
  return 'setHTML' in element;
}

/** The files that a note's markup names, by their hashes. */
export type Media = Readonly<Record<string, string>>;

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** What each element was asked to show last: a slower one before it must not come after. */
const asked = new WeakMap<HTMLElement, string>();

/** Fills the element with the allowed part of the markup; resolves when it stands. */
export async function showHtml(element: HTMLElement, text: string, media: Media = {}): Promise<void> {
  asked.set(element, text);
  const clean = sanitizes(element) ? sanitized(text) : await purified(text);
  const files = clean.querySelectorAll('[src]');
  if (files.length > 0) await Promise.all([...files].map((file) => address(file, media)));
  if (asked.get(element) !== text) return;
  element.replaceChildren(...clean.childNodes);
  if (/\\[([]/.test(text)) await import('./formula').then(({ showFormulas }) => showFormulas(element));
}

/** A name becomes the address of its file, and a hash stands for itself; what is no file of the note's is not asked for. */
async function address(element: Element, media: Media): Promise<void> {
  const [, name = ''] = /^media\/(.*)$/s.exec(element.getAttribute('src') ?? '') ?? [];
  const hash = media[decoded(name)] ?? (/^[0-9a-f]{64}$/.test(name) ? name : null);
  if (hash) element.setAttribute('src', await addressOf(hash));
  else element.removeAttribute('src');
}

// Both clean in a document of nobody, where nothing loads: only what has an address of our own comes into the page.

function sanitized(html: string): ParentNode {
  const { body } = document.implementation.createHTMLDocument('');
  if (sanitizes(body))
    body.setHTML(html, { sanitizer: { elements, replaceWithChildrenElements: unwrapped, attributes } });
  return body;
}

async function purified(html: string): Promise<ParentNode> {
  const { default: purify } = await import('dompurify');
  return purify.sanitize(html, {
    ALLOWED_TAGS: [...elements],
    ALLOWED_ATTR: [...attributes],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
