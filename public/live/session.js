import { byId } from './dom.js';

/** Kept for this tab alone, so that it outlives a reload, and goes with the tab. */
const KEY = 'pulsewatch-token';

/** The dialog that is open, if one is. */
let asking;

/** The headers that show who sends a request; none while the server has not asked. */
export function credentials() {
  const token = sessionStorage.getItem(KEY);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** Like `fetch`; where the server asks who calls, the person is asked for a token, and the request is sent again. */
export async function call(path, init = {}) {
  for (;;) {
    const sent = credentials();
    const response = await fetch(path, { ...init, headers: { ...init.headers, ...sent } });
    if (response.status !== 401) return response;
    await signIn(sent.Authorization);
  }
}

/** Where to open the WebSocket of `url`: with a ticket, where the server asks who calls. */
export async function socketAddress(url) {
  if (!credentials().Authorization) return url;
  const response = await call('api/v1/ws/ticket', { method: 'POST' });
  if (!response.ok) throw new Error(`The server gave no ticket (${response.status}).`);
  const { ticket } = await response.json();
  const address = new URL(url);
  address.searchParams.set('ticket', ticket);
  return address;
}

/** Resolves when there is another token than the one that was refused. Several who ask at once share one dialog. */
export function signIn(refused) {
  if (credentials().Authorization !== refused) return Promise.resolve();
  asking ??= ask(refused !== undefined).finally(() => {
    asking = undefined;
  });
  return asking;
}

function ask(wasRefused) {
  const dialog = byId('sign-in');
  const field = byId('token');
  byId('sign-in-note').textContent = wasRefused ? 'The server does not take that token, or no longer.' : '';
  field.value = '';
  return new Promise((resolve) => {
    const keepOpen = (event) => event.preventDefault();
    const submit = (event) => {
      event.preventDefault();
      const token = field.value.trim().replace(/^Bearer\s+/i, '');
      if (token === '') return;
      sessionStorage.setItem(KEY, token);
      dialog.removeEventListener('cancel', keepOpen);
      dialog.close();
      resolve();
    };
    dialog.addEventListener('cancel', keepOpen);
    byId('sign-in-form').addEventListener('submit', submit, { signal: onceClosed(dialog) });
    dialog.showModal();
  });
}

function onceClosed(dialog) {
  const closed = new AbortController();
  dialog.addEventListener('close', () => closed.abort(), { once: true });
  return closed.signal;
}
