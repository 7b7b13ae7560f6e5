import { byId } from './dom.js';
import { canBeNotified, existingSubscription, isFor, subscribeDevice } from './push-device.js';
import { forget, isKept, keep, pushReceiver } from './push-server.js';

/** A browser that cannot reach its push service may try for ever. */
const PATIENCE = 20_000;

const TEXTS = {
  off: '',
  ended: 'This device is not notified any more.',
  working: 'One moment…',
  on: 'This device is notified of alerts, also when this page is closed.',
  dismissed: 'Not turned on: the browser has not been allowed to show notifications.',
  blocked: 'Notifications are blocked for this page. Allow them in the settings of the browser.',
};

/** Offers to notify this device, where server and browser can. */
export async function startPush() {
  if (!canBeNotified()) return;
  const receiver = await pushReceiver();
  if (!receiver) return;
  const button = byId('push');
  const look = () => run(() => stateNow(receiver), 'Whether this device is notified could not be told.');
  const toggle = () => {
    if (button.dataset.state === 'blocked') return look();
    return button.getAttribute('aria-pressed') === 'true'
      ? run(turnOff, 'Notifications could not be turned off altogether.')
      : run(() => turnOn(receiver), 'Notifications could not be turned on.');
  };
  button.addEventListener('click', () => void toggle());
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (data?.type === 'subscription-changed') void look();
  });
  await look();
  button.hidden = false;
  const permission = await navigator.permissions?.query({ name: 'notifications' });
  permission?.addEventListener('change', () => void look());
}

let isRunning = false;

/** One change at a time: shows what came of it, or why nothing did. The button keeps the focus all the while. */
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
  if (!(await isKept(receiver, subscription))) await keep(receiver, subscription);
  return 'on';
}

async function turnOn(receiver) {
  show('working');
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') return permission === 'denied' ? 'blocked' : 'dismissed';
  // What comes later than that is found, and kept, the next time the page looks.
  const subscription = await inTime(subscribeDevice(receiver.publicKey));
  try {
    await keep(receiver, subscription);
  } catch (error) {
    // Half a subscription would look like one.
    await subscription.unsubscribe();
    throw error;
  }
  return 'on';
}

/** The browser first: then nothing is shown any more, whatever the server says. */
async function turnOff() {
  show('working');
  await (await existingSubscription())?.unsubscribe();
  await forget();
  return 'ended';
}

function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('The push service of this browser does not answer.')),
      PATIENCE,
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
