import { parseJson, problemText } from './problem.js';
import { call } from './session.js';

/** What the server keeps of this device, so that it can be asked about it and told to forget it. */
const KEY = 'pulsewatch-push';

/** The receiver to subscribe to: the first that the server has. Undefined where there is none, or none for this caller. */
export async function pushReceiver() {
  const response = await call('api/v1/push');
  if (response.status === 403 || response.status === 404) return undefined;
  const { items } = await answerOf(response);
  return items[0] && { name: items[0].receiver, publicKey: items[0].public_key };
}

/** Whether the server has this subscription: it drops what its push service calls gone. */
export async function isKept(receiver, { endpoint }) {
  const record = parseJson(localStorage.getItem(KEY));
  if (record?.receiver !== receiver.name || record.endpoint !== endpoint) return false;
  const response = await call(pathOf(record));
  if (response.status === 404) return false;
  await answerOf(response);
  return true;
}

/** Has the server keep a subscription, in place of the one that this device had before. */
export async function keep(receiver, subscription) {
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

/** Has the server forget this device. */
export async function forget() {
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
