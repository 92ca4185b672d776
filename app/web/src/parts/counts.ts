import { t } from '../words';

interface Counts {
  new: number;
  learning: number;
  review: number;
}

/** What is left today, in words: only the kinds that there are. */
export function countWords(counts: Counts): string {
  const parts = [
    counts.new && t('countNew', { n: counts.new }),
    counts.learning && t('countLearning', { n: counts.learning }),
    counts.review && t('countReview', { n: counts.review }),
  ].filter(Boolean);
  // A number stays with its word where a line ends.
  return parts.length > 0 ? parts.map((part) => String(part).replaceAll(' ', '\u00a0')).join(' · ') : t('countNothing');
}
