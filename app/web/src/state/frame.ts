const LATEST_MS = 100;

/** Resolves when what the screen should show now has been painted; at once where nothing is painted (a hidden page, tests). */
export function painted(): Promise<void> {
  if (typeof requestAnimationFrame === 'undefined' || document.visibilityState === 'hidden') return Promise.resolve();
  return new Promise((resolve) => {
    // A page that is hidden meanwhile gets no frame.
    const late = setTimeout(resolve, LATEST_MS);
    requestAnimationFrame(() => {
      clearTimeout(late);
      setTimeout(resolve);
    });
  });
}
