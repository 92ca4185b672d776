import { useLayoutEffect, useRef } from 'preact/hooks';
import { isRich } from '../plain';
import type { Media } from './html';
import { lazily } from './lazily';

const Rich = lazily(() => import('./rich').then((part) => part.Rich));

const HAN = /\p{Script=Han}/u;
const SHORT = 40;

/** The language of a card's text, which chooses the forms of its characters and the voice that reads it. */
export function tongueOf(text: string): 'zh-CN' | 'en' {
  return HAN.test(text) ? 'zh-CN' : 'en';
}

/** A field of a note as it is shown: short ones centred, longer ones and lists from the left; never as markup when it is plain text. */
export function FieldText({
  text,
  format,
  media,
}: {
  text: string;
  format: 'text' | 'html';
  media?: Media | undefined;
}) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (format !== 'html') return;
    // Here before the next frame once it was fetched; most decks never need it.
    void import('./html').then(({ showHtml }) => element.current && showHtml(element.current, text, media));
  }, [text, format, media]);
  const look = text.length <= SHORT && !text.includes('\n') ? 'text short' : 'text';
  if (format === 'html') return <div class={`${look} html`} lang={tongueOf(text)} ref={element} key="html" />;
  return (
    <div class={look} lang={tongueOf(text)} key="text">
      {isRich(text) ? <Rich text={text} /> : text}
    </div>
  );
}
