import { loadActiveAlerts } from './active-alerts.js';
import { AlertFeed } from './alert-feed.js';
import { AlertConnection } from './connection.js';
import { byId, setText } from './dom.js';
import { startPush } from './push.js';
import { socketAddress } from './session.js';
import { startUploads } from './upload-panel.js';

/** A server with only the plain profile sends no clears, so the list is loaded again while the page is visible. */
const REFRESH_EVERY = 30_000;

/** Silences concern the receivers of channels. This page shows every alert. */
const IGNORED = new Set(['silence_set', 'silence_ended']);

const STATES = { connecting: 'Connecting…', live: 'Live', reconnecting: 'Reconnecting…' };

const feed = new AlertFeed();

let loads = 0;

/** Only the response to the latest call is shown. */
async function showActive() {
  const load = (loads += 1);
  const before = feed.activeIds;
  try {
    const { alerts, isComplete } = await loadActiveAlerts();
    if (load !== loads) return;
    feed.setActive(alerts, { before, isComplete });
    setText(byId('feed-note'), '');
  } catch (error) {
    setText(byId('feed-note'), `The active alerts could not be loaded. ${error.message}`);
  }
}

function showState(state) {
  const pill = byId('connection');
  if (pill.dataset.state !== state) pill.textContent = STATES[state];
  pill.dataset.state = state;
  if (state === 'live') void showActive();
}

function receive(frame) {
  if (frame.type === 'alert_cleared') feed.ended(frame.data?.raised_id);
  else if (frame.type === 'alert_acknowledged') feed.acknowledged(frame.data?.raised_id, frame.data?.by);
  else if (IGNORED.has(frame.type)) return;
  else if (frame.type === 'snapshot') {
    feed.reset();
    void showActive();
  } else if (typeof frame.id === 'string' && frame.data instanceof Object) feed.raised(frame);
}

const url = new URL('api/v1/ws/alerts', document.baseURI);
url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

const refresh = () => {
  if (!document.hidden && byId('connection').dataset.state === 'live') void showActive();
};
setInterval(refresh, REFRESH_EVERY);
document.addEventListener('visibilitychange', refresh);

/** The API description can be switched off. If the request fails, the links stay. */
async function hideDeadLinks() {
  const { ok } = await fetch('docs', { method: 'HEAD' });
  byId('api-docs').hidden = !ok;
}

startUploads();
hideDeadLinks().catch(() => undefined);
const connection = new AlertConnection({ url, open: socketAddress, onState: showState, onFrame: receive });
// Signing in comes first, because a refused WebSocket does not report the reason.
await showActive();
connection.start();
// If the server does not answer, notifications are not offered.
startPush().catch(() => undefined);
