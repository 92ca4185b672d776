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
  if (!failed) return null;
  return (
    <p class="wrong" role="alert">
      {words ?? failed.problem ?? t('cannotReach')} {but}
    </p>
  );
}
