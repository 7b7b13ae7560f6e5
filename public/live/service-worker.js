/*
 * Shows what the server pushes to this device. Its scope is this folder and not the page, so that it never stands between
 * the page and the server: all it does is receive.
 */

/** The live page, beside this folder. */
const PAGE = new URL('../', self.registration.scope);

/** What is shown where a message cannot be read: a browser takes the permission away from those who show nothing. */
const UNREADABLE = {
  title: 'Pulsewatch',
  body: 'There is news. Open the page to see it.',
  tag: 'unreadable',
};

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('push', (event) => event.waitUntil(show(read(event.data))));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(addressOf(event.notification.data?.url)));
});
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));

function read(data) {
  try {
    const message = data.json();
    return typeof message.title === 'string' && typeof message.tag === 'string' ? message : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

/** A message replaces the one with its tag, and makes itself heard unless it is the same one again. */
async function show({ id, title, body, tag, url, tone, at }) {
  const before = await self.registration.getNotifications({ tag });
  const isRepeat = id !== undefined && before.some(({ data }) => data?.id === id);
  await self.registration.showNotification(title, {
    body: typeof body === 'string' ? body : '',
    tag,
    renotify: !isRepeat,
    requireInteraction: tone === 'critical',
    timestamp: typeof at === 'number' ? at : Date.now(),
    data: { id, url },
  });
}

/** The address in a message, if it is one of this server as this device knows it: there the person is signed in. */
function addressOf(url) {
  try {
    const address = new URL(url);
    return address.origin === PAGE.origin ? address : PAGE;
  } catch {
    return PAGE;
  }
}

async function open(address) {
  const windows = await windowsAt(address);
  if (windows.length > 0) await windows[0].focus();
  else await self.clients.openWindow(address.href);
}

async function windowsAt({ origin, pathname }) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return windows.filter((client) => {
    const at = new URL(client.url);
    return at.origin === origin && at.pathname === pathname;
  });
}

/** The server takes a new subscription from the page alone: the page knows who is signed in. */
async function renew({ oldSubscription, newSubscription }) {
  if (!newSubscription && oldSubscription) {
    // Where that fails the page, once it is open, says so.
    await self.registration.pushManager.subscribe(oldSubscription.options).catch(() => undefined);
  }
  const windows = await windowsAt(PAGE);
  for (const client of windows) client.postMessage({ type: 'subscription-changed' });
  if (windows.length > 0) return;
  await self.registration.showNotification('Pulsewatch', {
    body: 'Open the page once, so that this device goes on being notified.',
    tag: 'subscription-changed',
  });
}
