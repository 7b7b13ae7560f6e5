import { backoffDelay } from './backoff.js';
import { compareIds } from './ids.js';

const OPEN_WITHIN = 10_000;
const PING_EVERY = 25_000;
const PONG_WITHIN = 10_000;
/** After a connection of this length the backoff starts again from its beginning. */
const STABLE_AFTER = 10_000;

/**
 * A WebSocket that reconnects automatically and resumes after the last event it received. `open` returns the address to
 * connect to; `onState` gets `connecting`, `live` or `reconnecting`; `onFrame` gets each parsed message.
 */
export class AlertConnection {
  #url;
  #open;
  #onState;
  #onFrame;
  #attempt = 0;
  #lastId;
  #retryTimer;

  constructor({ url, open, onState, onFrame }) {
    this.#url = url;
    this.#open = open;
    this.#onState = onState;
    this.#onFrame = onFrame;
    window.addEventListener('online', () => this.#retryNow());
  }

  start() {
    this.#onState('connecting');
    void this.#connect();
  }

  async #connect() {
    let address;
    try {
      address = await this.#open(this.#address());
    } catch {
      this.#retryLater();
      return;
    }
    const socket = new WebSocket(address);
    const life = new AbortController();
    const { signal } = life;
    let openedAt;
    let pinging;
    let deadline;

    // Stops listening to the socket at once: the closing handshake of a dead peer takes minutes.
    const end = () => {
      life.abort();
      clearInterval(pinging);
      clearTimeout(deadline);
      socket.close();
      if (openedAt !== undefined && performance.now() - openedAt > STABLE_AFTER) this.#attempt = 0;
      this.#retryLater();
    };
    const expectWithin = (milliseconds) => {
      clearTimeout(deadline);
      deadline = setTimeout(end, milliseconds);
    };

    expectWithin(OPEN_WITHIN);
    const onOpen = () => {
      clearTimeout(deadline);
      openedAt = performance.now();
      pinging = setInterval(() => {
        socket.send('ping');
        expectWithin(PONG_WITHIN);
      }, PING_EVERY);
      this.#onState('live');
    };
    const onMessage = ({ data }) => {
      // Any message proves that the server is alive. A pong can be queued behind a burst of alerts.
      clearTimeout(deadline);
      const frame = parseFrame(data);
      if (!frame) return;
      this.#remember(frame);
      this.#onFrame(frame);
    };
    socket.addEventListener('open', onOpen, { signal });
    socket.addEventListener('message', onMessage, { signal });
    socket.addEventListener('close', end, { signal });
  }

  /** `v=1` requests clears and positions as well (section 7 of the contract). */
  #address() {
    const url = new URL(this.#url);
    url.searchParams.set('v', '1');
    if (this.#lastId !== undefined) url.searchParams.set('last_event_id', this.#lastId);
    return url;
  }

  /** A snapshot means that the log does not reach back to the last id. Its id is used even when it is lower. */
  #remember({ id, type }) {
    if (typeof id !== 'string') return;
    const isNewer = this.#lastId === undefined || compareIds(id, this.#lastId) > 0;
    if (isNewer || type === 'snapshot') this.#lastId = id;
  }

  #retryLater() {
    this.#onState('reconnecting');
    this.#retryTimer = setTimeout(() => this.#retryNow(), backoffDelay(this.#attempt));
    this.#attempt += 1;
  }

  #retryNow() {
    if (this.#retryTimer === undefined) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    void this.#connect();
  }
}

function parseFrame(text) {
  try {
    const frame = JSON.parse(text);
    return typeof frame?.type === 'string' ? frame : undefined;
  } catch {
    return undefined;
  }
}
