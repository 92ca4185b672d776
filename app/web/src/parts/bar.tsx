import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { hasNavigated, pagesBehind } from '../state/path';
import { t } from '../words';
import { Icon } from './icon';

interface Bar {
  title: string;
  back?: string;
  /** It comes up without a change of address, in the place of what had the focus. */
  replaces?: boolean;
  children?: ComponentChildren;
}

/** The top of a page: its title, and the way back when the page lies below another. Focus goes to the title of a new page. */
export function Bar({ title, back, replaces, children }: Bar) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t('app')}`;
  }, [title]);
  useEffect(() => {
    if (replaces || hasNavigated()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header class="bar">
      {back !== undefined && <BackButton to={back} />}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </header>
  );
}

/** Goes back in the history when there is one in this app, else to the page above. */
export function BackButton({ to }: { to: string }) {
  const { route } = useLocation();
  const goBack = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (pagesBehind() > 0) history.back();
    else route(to, true);
  };
  return (
    <a class="icon-button" href={to} onClick={goBack} aria-label={t('back')} title={t('back')}>
      <Icon name="back" />
    </a>
  );
}
