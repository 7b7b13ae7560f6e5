import { parseJson, problemText } from './problem.js';
import { call } from './session.js';

/** The key of local storage under which the subscription of this device is recorded. */
const KEY = 'pulsewatch-push';

/** The receiver to subscribe to: the first in the list of the server. Undefined if there is none for this caller. */
export async function pushReceiver() {
  const response = await call('api/v1/push');
  if (response.status === 403 || response.status === 404) return undefined;
  const { items } = await answerOf(response);
  return items[0] && { name: items[0].receiver, publicKey: items[0].public_key };
}

/** Whether the server has this subscription. It removes one that the push service reports as gone. */
export async function isSaved(receiver, { endpoint }) {
  const record = parseJson(localStorage.getItem(KEY));
  if (record?.receiver !== receiver.name || record.endpoint !== endpoint) return false;
  const response = await call(pathOf(record));
  if (response.status === 404) return false;
  await answerOf(response);
  return true;
}

/** Saves a subscription on the server and removes the previous one of this device. */
export async function saveSubscription(receiver, subscription) {
  const response = await call(`api/v1/push/${receiver.name}/subscriptions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(subscription),
  });
  const { id } = await answerOf(response);
  const { endpoint } = subscription;
  const before = parseJson(localStorage.getItem(KEY));
  localStorage.setItem(KEY, JSON.stringify({ receiver: receiver.name, id, endpoint }));
  if (before?.id !== id) await remove(before);
}

/** Removes the subscription of this device from the server. */
export async function removeSubscription() {
  const record = parseJson(localStorage.getItem(KEY));
  localStorage.removeItem(KEY);
  await remove(record);
}

async function remove(record) {
  if (!record?.id) return;
  const response = await call(pathOf(record), { method: 'DELETE' });
  if (response.status !== 404) await answerOf(response);
}

const pathOf = ({ receiver, id }) => `api/v1/push/${receiver}/subscriptions/${id}`;

async function answerOf(response) {
  const body = parseJson(await response.text());
  if (!response.ok) throw new Error(problemText(response.status, body));
  return body;
}
