import { useEffect, useRef } from 'preact/hooks';
import { t } from '../words';

/** Why an act on the server came to nothing, in the server's words or in `words`, and what holds all the same. */
export function NotDone({
  failed,
  words,
  but,
}: {
  failed: { problem: string | null } | null;
  words?: string | undefined;
  but?: string;
}) {
  const said = useRef<HTMLParagraphElement>(null);
  // What was tapped may fill the screen with large text, and this stands below it.
  useEffect(() => said.current?.scrollIntoView({ block: 'nearest' }), [failed]);
  if (!failed) return null;
  return (
    <p class="wrong" role="alert" ref={said}>
      {words ?? failed.problem ?? t('cannotReach')} {but}
    </p>
  );
}
