import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../words';
import { Icon, type IconName } from './icon';

/** A modal sheet at the bottom of the screen. Escape, a tap outside and the close button end it; focus goes back by itself. */
export function Sheet({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  const closeOutside = (event: MouseEvent) => {
    if (event.target === dialog.current) dialog.current?.close();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog already; the tap outside is an extra
    <dialog ref={dialog} aria-labelledby="sheet-title" onClose={onClose} onClick={closeOutside}>
      <header>
        <h2 id="sheet-title" class="grow">
          {title}
        </h2>
        <button type="button" class="icon-button" aria-label={t('close')} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}

/** One action of a sheet. */
export function Action({
  icon,
  label,
  onAct,
  bad,
}: {
  icon: IconName;
  label: string;
  onAct: () => void;
  bad?: boolean;
}) {
  return (
    <button type="button" class={bad ? 'row wrong' : 'row'} onClick={onAct}>
      <Icon name={icon} />
      <span class="grow">{label}</span>
    </button>
  );
}
