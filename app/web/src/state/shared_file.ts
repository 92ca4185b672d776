// A file that another app shared with this one: the service worker has put it into a cache of its own (sw.ts).
export const SHARED = 'shared';
export const SHARED_AT = '/shared-file';

/** The file, once. */
export async function takeShared(): Promise<File | null> {
  if (!('caches' in globalThis)) return null;
  const cache = await caches.open(SHARED);
  const kept = await cache.match(SHARED_AT);
  if (!kept) return null;
  await cache.delete(SHARED_AT);
  const name = decodeURIComponent(kept.headers.get('X-Name') ?? '');
  return new File([await kept.blob()], name, { type: kept.headers.get('Content-Type') ?? '' });
}
