import { signal, useSignalEffect } from '@preact/signals';
import { givenUp } from '../state/writer';
import { t } from '../words';

interface Toast {
  text: string;
  undo?: () => void;
}

const SHOWN_MS = 10_000;
const toast = signal<Toast | null>(null);
let timer = 0;

/** Says what was done, away from the text; stays ten seconds when it can be undone. */
export function say(text: string, undo?: () => void): void {
  clearTimeout(timer);
  toast.value = undo ? { text, undo } : { text };
  timer = window.setTimeout(() => {
    toast.value = null;
  }, SHOWN_MS);
}

/** Takes words back that would mislead by now. */
export function unsay(text: string): void {
  if (toast.peek()?.text === text) toast.value = null;
}

export function Toasts() {
  const shown = toast.value;
  useSignalEffect(() => {
    if (givenUp.value) say(givenUp.value.why === 'gone' ? t('actGone') : t('editInvalid'));
  });
  const takeBack = () => {
    shown?.undo?.();
    toast.value = null;
  };
  return (
    <div role="status">
      {shown && (
        <div class="toast">
          <span>{shown.text}</span>
          {shown.undo ? (
            <button type="button" class="button" onClick={takeBack}>
              {t('undo')}
            </button>
          ) : (
            <button type="button" class="button" onClick={takeBack}>
              {t('close')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
