const LATEST_MS = 100;

/** Resolves when what the screen should show now has been painted; at once where nothing is painted (a hidden page, tests). */
export function painted(): Promise<void> {
  if (typeof requestAnimationFrame === 'undefined' || document.visibilityState === 'hidden') return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(late);
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    // A page that is hidden meanwhile gets no frame.
    const late = setTimeout(done, LATEST_MS);
    document.addEventListener('visibilitychange', done);
    requestAnimationFrame(() => setTimeout(done));
  });
}
