import { useEffect } from 'preact/hooks';

const FIELDS = 'input, textarea, select, [contenteditable]';
const PRESSED_BY_KEY = 'a, button, summary';

/** Keys of the whole page. Fields, open sheets, held keys and combinations are left alone; a focused control keeps Space and Enter. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act || ignored(event)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
}

function ignored(event: KeyboardEvent): boolean {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest(FIELDS) || document.querySelector('dialog[open]')) return true;
  return (event.key === ' ' || event.key === 'Enter') && target.closest(PRESSED_BY_KEY) !== null;
}
