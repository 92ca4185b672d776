import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };

// The whole build is kept on the phone, so that the app opens without a network. Nothing of /api/ is ever cached here:
// the learner's data lives in IndexedDB, and an old answer of the server would be worse than none.
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//, /^\/(?:healthz|readyz)$/] }),
);

// Another app shares a file or words with this one: a file waits in a cache for the page of imports, words go to a new card.
self.addEventListener('fetch', (event) => {
  if (event.request.method === 'POST' && new URL(event.request.url).pathname === '/share')
    event.respondWith(shared(event.request));
});

async function shared(request: Request): Promise<Response> {
  const given = await request.formData();
  const file = given.get('file');
  if (file instanceof File && file.size > 0) {
    const headers = { 'Content-Type': file.type, 'X-Name': encodeURIComponent(file.name) };
    await (await caches.open('shared')).put('/shared-file', new Response(file, { headers }));
    return Response.redirect('/import?shared=1', 303);
  }
  const words = new URLSearchParams();
  for (const name of ['title', 'text', 'url']) {
    const value = given.get(name);
    if (typeof value === 'string' && value) words.set(name, value);
  }
  return Response.redirect(`/notes/new?${words}`, 303);
}

// A new version waits until the learner asks for it: pages of the old version must keep their own files.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});
