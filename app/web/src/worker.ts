/** Registers the service worker, and says when a new version of the app waits. */

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/**
 * Registers `/sw.js` where the browser can; `onUpdate` gets a function that switches to the waiting version and reloads.
 * Under Trusted Types the address of a worker must come from a policy; ours lets through this one address.
 */
export async function registerWorker(onUpdate: (takeOver: () => void) => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const container = navigator.serviceWorker;
  const registration = await container.register(workerAddress(), { updateViaCache: 'none' });
  const offer = (waiting: ServiceWorker | null) => {
    // Without a controller this is the first installation, not an update.
    if (!waiting || !container.controller) return;
    onUpdate(() => {
      container.addEventListener('controllerchange', () => location.reload(), { once: true });
      waiting.postMessage('take-over');
    });
  };
  offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const arriving = registration.installing;
    arriving?.addEventListener('statechange', () => arriving.state === 'installed' && offer(arriving));
  });
}

function workerAddress(): string {
  const rules = {
    createScriptURL(url: string): string {
      if (url === '/sw.js') return url;
      throw new TypeError(`not a worker of this app: ${url}`);
    },
  };
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  return (types?.createPolicy('worker', rules) ?? rules).createScriptURL('/sw.js');
}
