import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { takeIn } from './share_target';

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
    event.respondWith(takeIn(event.request, self.location.origin));
});

// A new version waits until the learner asks for it: pages of the old version must keep their own files.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});
