// Formulas from TeX to MathML, which the browser draws itself: no fonts, no markup text, nothing that Trusted Types could object to.
import temml from 'temml';
import '../style/rich.css';

const LONGEST = 2000;

/** Fills the element with the formula; with its source where it does not read as one. */
export function showFormula(element: HTMLElement, tex: string, display: boolean): void {
  if (tex.length > LONGEST) return;
  try {
    const built = document.createElement('span');
    const options = { displayMode: display, throwOnError: true, trust: false, maxExpand: 200 };
    temml.render(tex, built, { ...options, maxSize: [20, 20] });
    element.replaceChildren(...built.childNodes);
  } catch {
    element.textContent = tex;
    element.classList.add('wrong');
  }
}

const FORMULA = /\\\((.{1,2000}?)\\\)|\\\[(.{1,2000}?)\\\]/gs;

/** Draws the formulas in the text of markup that stands already. */
export function showFormulas(root: HTMLElement): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts.filter((each) => !each.parentElement?.closest('code, pre'))) {
    const parts = partsOf(text.data);
    if (parts.length > 1) text.replaceWith(...parts);
  }
}

function partsOf(text: string): (string | HTMLElement)[] {
  const parts: (string | HTMLElement)[] = [];
  let at = 0;
  for (const found of text.matchAll(FORMULA)) {
    const [whole, inline, display] = found;
    const element = document.createElement('span');
    element.className = display === undefined ? 'formula' : 'formula display';
    element.textContent = whole;
    showFormula(element, (inline ?? display ?? '').trim(), display !== undefined);
    parts.push(text.slice(at, found.index), element);
    at = found.index + whole.length;
  }
  return [...parts, text.slice(at)];
}
