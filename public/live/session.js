import { byId } from './dom.js';

/** The key of session storage: the token outlives a reload and ends with the tab. */
const KEY = 'pulsewatch-token';

/** The dialog that is open, if one is. */
let asking;

/** The authentication headers of a request; none before the server has required them. */
export function credentials() {
  const token = sessionStorage.getItem(KEY);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** Like `fetch`. If the server requires authentication, the page asks for a token and repeats the request. */
export async function call(path, init = {}) {
  for (;;) {
    const sent = credentials();
    const response = await fetch(path, { ...init, headers: { ...init.headers, ...sent } });
    if (response.status !== 401) return response;
    await signIn(sent.Authorization);
  }
}

/** The address of the WebSocket: with a ticket if the server requires authentication. */
export async function socketAddress(url) {
  if (!credentials().Authorization) return url;
  const response = await call('api/v1/ws/ticket', { method: 'POST' });
  if (!response.ok) throw new Error(`The server issued no ticket (${response.status}).`);
  const { ticket } = await response.json();
  const address = new URL(url);
  address.searchParams.set('ticket', ticket);
  return address;
}

/** Resolves when there is another token than the refused one. Concurrent calls share one dialog. */
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
  byId('sign-in-note').textContent = wasRefused ? 'The token is not valid, or has expired.' : '';
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
