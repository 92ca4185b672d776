// Pictures for the fields of a note: from a file, the camera or the clipboard, offline too.
import { useRef } from 'preact/hooks';
import { NoPicture, takePicture } from '../picture';
import { store } from '../state/device';
import { StorageError } from '../store';
import { type Format, pictured } from '../typing';
import { t } from '../words';
import { say } from './toast';
import { applied, keepFocus } from './tools';

type Field = () => HTMLTextAreaElement | null;

interface Tools {
  format: Format;
  field: Field;
}

/** Buttons that ask for a picture; the camera's own only where there is a hand-held one. */
export function PictureTools({ format, field }: Tools) {
  const file = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    void putPictures([...(input.files ?? [])], field(), format);
    input.value = '';
  };
  const picker = (input: typeof file, word: 'toolPicture' | 'toolCamera') => (
    <>
      <button
        type="button"
        class="tool"
        onPointerDown={keepFocus}
        onMouseDown={keepFocus}
        onClick={() => input.current?.click()}
      >
        {t(word)}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        multiple={word === 'toolPicture'}
        {...(word === 'toolCamera' && { capture: 'environment' as const })}
        onChange={(event) => take(event.currentTarget)}
      />
    </>
  );
  return (
    <>
      {picker(file, 'toolPicture')}
      {matchMedia('(pointer: coarse)').matches && picker(camera, 'toolCamera')}
    </>
  );
}

/** Pictures that were pasted or dropped on a field. Words win: what word processors copy comes as both. */
export function givenPictures(event: Event, format: Format): void {
  const data =
    event instanceof ClipboardEvent ? event.clipboardData : event instanceof DragEvent ? event.dataTransfer : null;
  const pictures = [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
  if (!(event.target instanceof HTMLTextAreaElement) || pictures.length === 0 || data?.getData('text/plain')) return;
  event.preventDefault();
  void putPictures(pictures, event.target, format);
}

/** A field takes files only from who says so; without it the browser would leave the page for the picture. */
export function overPictures(event: DragEvent): void {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
}

async function putPictures(files: readonly File[], field: HTMLTextAreaElement | null, format: Format): Promise<void> {
  try {
    for (const file of files) {
      const hash = await takePicture(store().engine, file, store().now());
      applied(field, (typed) => pictured(typed, format, hash));
    }
  } catch (error) {
    if (error instanceof NoPicture) say(t('pictureUnreadable'));
    else if (error instanceof StorageError) say(t('pictureNoRoom'));
    else throw error;
  }
}
