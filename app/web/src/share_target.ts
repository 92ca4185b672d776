/** What another app shares with this one, as the service worker takes it in. */
import { SHARED, SHARED_AT } from './state/shared_file';

/** A file waits in a cache for the page of imports, words go to a new card, nothing at all to the first page. */
export async function takeIn(request: Request, origin: string): Promise<Response> {
  const leadTo = (path: string) => Response.redirect(new URL(path, origin), 303);
  const given = await request.formData().catch(() => new FormData());
  const file = given.get('file');
  if (file instanceof File && file.size > 0) {
    const headers = { 'Content-Type': file.type, 'X-Name': encodeURIComponent(file.name) };
    await (await caches.open(SHARED)).put(SHARED_AT, new Response(file, { headers }));
    return leadTo('/import?shared=1');
  }
  const words = new URLSearchParams();
  for (const name of ['title', 'text', 'url']) {
    const value = given.get(name);
    if (typeof value === 'string' && value) words.set(name, value);
  }
  return leadTo(words.size > 0 ? `/notes/new?${words}` : '/');
}
