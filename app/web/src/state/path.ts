// How many pages of this app lie behind the one on screen, kept in the history itself so that it survives a reload.
interface Depth {
  depth: number;
}

let depth = depthOf(history.state) ?? 0;
history.replaceState({ depth }, '');
let navigated = false;

function depthOf(state: unknown): number | undefined {
  return typeof state === 'object' && state !== null ? (state as Partial<Depth>).depth : undefined;
}

/** Called after each change of the page. */
export function arrived(): void {
  navigated = true;
  depth = depthOf(history.state) ?? depth + 1;
  history.replaceState({ depth }, '');
}

export function pagesBehind(): number {
  return depth;
}

/** Whether the page on screen is not the one that the app was opened with. */
export function hasNavigated(): boolean {
  return navigated;
}
