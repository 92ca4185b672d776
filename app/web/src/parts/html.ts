// Markup of imported cards. The server has sanitised it already; the phone does so again with the same short allowlist,
// through the browser's own sanitiser where there is one, else through DOMPurify, which is loaded only then.
const elements = [
  'b', 'strong', 'i', 'em', 'u', 's', 'sub', 'sup', 'small', 'mark', 'code', 'pre', 'kbd', 'br', 'hr', 'p', 'div', 'span',
  'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'blockquote', 'ruby', 'rt', 'rp', 'img',
] as const; // biome-ignore format: a list reads best in few lines
const attributes = ['lang', 'dir', 'colspan', 'rowspan', 'alt', 'src'] as const;

interface Sanitizing {
  setHTML(html: string, options: { sanitizer: { elements: readonly string[]; attributes: readonly string[] } }): void;
}

function sanitizes(element: object): element is Sanitizing {
  return 'setHTML' in element;
}

/** Fills the element with the allowed part of the markup; resolves when it stands. */
export async function showHtml(element: HTMLElement, html: string): Promise<void> {
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

/** The words of a field without its markup, for lists and for reading aloud. */
export function plain(text: string, format: 'text' | 'html'): string {
  if (format === 'text') return text;
  const words = text.replace(/<(br|\/p|\/div|\/li)\b[^>]*>/gi, '\n').replace(/<[^>]*>/g, '');
  return words.replace(/&(lt|gt|amp|quot|nbsp);/g, (entity) => entitiesByName[entity] ?? entity).trim();
}

const entitiesByName: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&nbsp;': ' ',
};
