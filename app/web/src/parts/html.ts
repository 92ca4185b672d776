// Markup of imported cards. The server has sanitised it already; the phone does so again with the same short allowlist,
// through the browser's own sanitiser where there is one, else through DOMPurify, which is loaded only then.
const elements = [
  'b', 'strong', 'i', 'em', 'u', 's', 'sub', 'sup', 'small', 'mark', 'code', 'pre', 'kbd', 'br', 'hr', 'p', 'div', 'span',
  'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'blockquote', 'ruby', 'rt', 'rp', 'img',
  'audio', 'video',
] as const; // biome-ignore format: a list reads best in few lines
const attributes = ['lang', 'dir', 'colspan', 'rowspan', 'alt', 'src', 'controls'] as const;

interface Sanitizing {
  setHTML(html: string, options: { sanitizer: { elements: readonly string[]; attributes: readonly string[] } }): void;
}

function sanitizes(element: object): element is Sanitizing {
  return 'setHTML' in element;
}

/** The files that a note's markup names, by their hashes. */
export type Media = Readonly<Record<string, string>>;

/** Names of files become their addresses; a file that is not there is not asked for. A hash stands for itself. */
function addressed(html: string, media: Media): string {
  return html.replace(/\bsrc="media\/([^"]*)"/g, (_, name: string) => {
    const hash = media[decoded(name)] ?? (/^[0-9a-f]{64}$/.test(name) ? name : null);
    return hash ? `src="/api/media/${hash}"` : '';
  });
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Fills the element with the allowed part of the markup; resolves when it stands. */
export async function showHtml(element: HTMLElement, text: string, media: Media = {}): Promise<void> {
  const html = addressed(text, media);
  await fill(element, html);
  if (/\\[([]/.test(html)) await import('./formula').then(({ showFormulas }) => showFormulas(element));
}

async function fill(element: HTMLElement, html: string): Promise<void> {
  if (sanitizes(element)) {
    element.setHTML(html, { sanitizer: { elements, attributes } });
    return;
  }
  const { default: purify } = await import('dompurify');
  const fragment = purify.sanitize(html, {
    ALLOWED_TAGS: [...elements],
    ALLOWED_ATTR: [...attributes],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  element.replaceChildren(fragment);
}
