/**
 * Whether the server has a learner for this browser. Browsers that clear away what scripts keep (after a week without a visit, for
 * want of room) leave this cookie, which the server has set.
 */
export function hasSession(): boolean {
  return /(?:^|; )wengu_here=1/.test(document.cookie);
}
