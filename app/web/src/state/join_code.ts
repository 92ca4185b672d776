// One more device without an account: one device shows a code, the other one opens it, once.
import { ask, introduce } from './server';

const MARK = '#join=';
const CODE = /wj_[\w-]{64}/;
/** How long the server takes a code, from the moment of making it, in ms. */
export const GOOD_FOR_MS = 600_000;

/** The address that lets another device in. What stands behind the # never leaves the browser by itself. */
export async function makeLink(): Promise<string> {
  await introduce();
  const { code } = await ask<{ code: string }>('POST', '/api/devices/join-code');
  return `${location.origin}/me/account${MARK}${code}`;
}

/** The code in a link or in whatever text was pasted with it; null without one. */
export function codeIn(text: string): string | null {
  return CODE.exec(text)?.[0] ?? null;
}

/** The code with which this page was opened. It works once, so the address does not keep it. */
export function takeCode(): string | null {
  if (!location.hash.startsWith(MARK)) return null;
  const code = codeIn(location.hash);
  history.replaceState(history.state, '', location.pathname);
  return code;
}
