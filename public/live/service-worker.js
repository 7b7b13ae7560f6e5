/*
 * Shows the messages that the server pushes to this device. Its scope is this folder and not the page, so that it never
 * handles requests of the page.
 */

/** The live page, beside this folder. */
const PAGE = new URL('../', self.registration.scope);

/** Shown for a message that cannot be read: browsers withdraw the permission if a push shows no notification. */
const UNREADABLE = {
  title: 'Pulsewatch',
  body: 'Open the page to see new alerts.',
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

/** Shows a message in place of the one with the same tag. It alerts the person unless it is the same message again. */
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

/** The address in a message if it has the origin of this page, where the person is signed in; otherwise the page. */
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

/** Only the page can send a new subscription to the server, because it knows who is signed in. */
async function renew({ oldSubscription, newSubscription }) {
  if (!newSubscription && oldSubscription) {
    // If that fails, the page reports it when it is opened.
    await self.registration.pushManager.subscribe(oldSubscription.options).catch(() => undefined);
  }
  const windows = await windowsAt(PAGE);
  for (const client of windows) client.postMessage({ type: 'subscription-changed' });
  if (windows.length > 0) return;
  await self.registration.showNotification('Pulsewatch', {
    body: 'Open the page once to keep receiving notifications on this device.',
    tag: 'subscription-changed',
  });
}
