/** The push functions of the browser. Each can fail: the push service is not reachable, or the permission is withdrawn. */

const WORKER = 'live/service-worker.js';
const SCOPE = 'live/';

export const canBeNotified = () =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** The subscription of this device, if there is one. Updates the worker, because no page lies in its scope. */
export async function existingSubscription() {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  if (!registration) return undefined;
  // If the update fails, the old worker still shows messages.
  registration.update().catch(() => undefined);
  return (await registration.pushManager.getSubscription()) ?? undefined;
}

/** Subscribes this device with the key of a receiver. Returns the existing subscription if it has the same key. */
export async function subscribeDevice(publicKey) {
  const { pushManager } = await activeRegistration();
  const existing = await pushManager.getSubscription();
  if (existing) {
    if (isFor(existing, publicKey)) return existing;
    // The keys of the receiver have changed. The browser refuses a second key.
    await existing.unsubscribe();
  }
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
}

/** Whether a subscription was made with this key. */
export function isFor({ options }, publicKey) {
  const bytes = new Uint8Array(options.applicationServerKey ?? []);
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') === publicKey;
}

async function activeRegistration() {
  const registration = await navigator.serviceWorker.register(WORKER);
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return registration;
  await new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('The service worker could not be installed.'));
    });
  });
  return registration;
}
