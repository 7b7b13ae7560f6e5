import { byId } from './dom.js';
import { canBeNotified, existingSubscription, isFor, subscribeDevice } from './push-device.js';
import { isSaved, pushReceiver, removeSubscription, saveSubscription } from './push-server.js';

/** Milliseconds. A browser that cannot reach its push service can try without end. */
const SUBSCRIBE_WITHIN = 20_000;

const TEXTS = {
  off: '',
  ended: 'This device is no longer notified.',
  working: 'One moment…',
  on: 'This device is notified of alerts, even when this page is closed.',
  dismissed: 'Not turned on, because the browser may not show notifications.',
  blocked: 'Notifications are blocked for this page. Allow them in the settings of the browser.',
};

/** Offers notifications on this device if server and browser support them. */
export async function startPush() {
  if (!canBeNotified()) return;
  const receiver = await pushReceiver();
  if (!receiver) return;
  const button = byId('push');
  const refresh = () => run(() => stateNow(receiver), 'The state of notifications could not be read.');
  const toggle = () => {
    if (button.dataset.state === 'blocked') return refresh();
    return button.getAttribute('aria-pressed') === 'true'
      ? run(turnOff, 'Notifications could not be turned off completely.')
      : run(() => turnOn(receiver), 'Notifications could not be turned on.');
  };
  button.addEventListener('click', () => void toggle());
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (data?.type === 'subscription-changed') void refresh();
  });
  await refresh();
  button.hidden = false;
  const permission = await navigator.permissions?.query({ name: 'notifications' });
  permission?.addEventListener('change', () => void refresh());
}

let isRunning = false;

/** Runs one change at a time and shows its result or its error. The button keeps the focus. */
async function run(change, failure) {
  if (isRunning) return;
  isRunning = true;
  try {
    show(await change());
  } catch (error) {
    show('failed', `${failure} ${reasonOf(error)}`);
  } finally {
    isRunning = false;
  }
}

async function stateNow(receiver) {
  if (Notification.permission === 'denied') return 'blocked';
  const subscription = await existingSubscription();
  if (!subscription) return 'off';
  if (!isFor(subscription, receiver.publicKey)) return turnOn(receiver);
  if (!(await isSaved(receiver, subscription))) await saveSubscription(receiver, subscription);
  return 'on';
}

async function turnOn(receiver) {
  show('working');
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') return permission === 'denied' ? 'blocked' : 'dismissed';
  // A subscription that the browser makes later is found at the next refresh.
  const subscription = await inTime(subscribeDevice(receiver.publicKey));
  try {
    await saveSubscription(receiver, subscription);
  } catch (error) {
    // A subscription that the server does not have would look like a working one.
    await subscription.unsubscribe();
    throw error;
  }
  return 'on';
}

/** Ends the subscription of the browser first: then no notification appears, even if the server fails. */
async function turnOff() {
  show('working');
  await (await existingSubscription())?.unsubscribe();
  await removeSubscription();
  return 'ended';
}

function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('The push service of this browser does not answer.')),
      SUBSCRIBE_WITHIN,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function reasonOf(error) {
  if (error.name === 'AbortError') return 'This browser has no push service, or cannot reach it.';
  return error.message;
}

function show(state, text = TEXTS[state]) {
  const button = byId('push');
  button.dataset.state = state;
  button.setAttribute('aria-disabled', String(state === 'working' || state === 'blocked'));
  if (state !== 'working') button.setAttribute('aria-pressed', String(state === 'on'));
  byId('push-status').textContent = text;
}
