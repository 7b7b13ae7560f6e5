import { WebSocket } from 'ws';

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;
const PING_EVERY = 25_000;
const PONG_WITHIN = 10_000;
/** A connection that lasted this long was a success: the next failure starts the backoff anew. */
const STABLE_AFTER = 10_000;

/**
 * Stays connected to the alerts and resumes after the last event seen, until the returned function is called.
 * `onFrame` gets every message, parsed; `onLost` a reason and the seconds until the next attempt.
 */
export function followAlerts({ url, from, onOpen, onLost, onFrame }) {
  let attempt = 0;
  let lastId = from;
  let socket;
  let retryTimer;
  let isStopped = false;

  function connect() {
    const address = new URL(url);
    address.searchParams.set('v', '1');
    if (lastId !== undefined) address.searchParams.set('last_event_id', lastId);
    socket = new WebSocket(address, { handshakeTimeout: PONG_WITHIN, perMessageDeflate: false });
    let openedAt;
    let pinging;
    let deadline;
    let failure;

    socket.on('open', () => {
      openedAt = performance.now();
      onOpen();
      pinging = setInterval(() => {
        socket.send('ping');
        clearTimeout(deadline);
        deadline = setTimeout(() => {
          failure = `no answer to a ping in ${PONG_WITHIN / 1000} s`;
          socket.terminate();
        }, PONG_WITHIN);
      }, PING_EVERY);
    });
    socket.on('message', (data) => {
      clearTimeout(deadline);
      const frame = parseFrame(data);
      if (!frame) return;
      if (typeof frame.id === 'string') lastId = frame.id;
      onFrame(frame);
    });
    socket.on('error', (error) => {
      failure = error.message || error.code;
    });
    socket.on('close', (code) => {
      clearInterval(pinging);
      clearTimeout(deadline);
      if (isStopped) return;
      if (openedAt !== undefined && performance.now() - openedAt > STABLE_AFTER) attempt = 0;
      const delay = backoffDelay(attempt);
      attempt += 1;
      onLost(failure ?? `connection closed (${code})`, delay / 1000);
      retryTimer = setTimeout(connect, delay);
    });
  }

  connect();
  return () => {
    isStopped = true;
    clearTimeout(retryTimer);
    socket.close(1000);
    // A server that does not answer the closing handshake must not keep the terminal.
    setTimeout(() => socket.terminate(), 500).unref();
  };
}

/** Doubling from 1 s to 30 s, of which a random half or more. */
function backoffDelay(attempt) {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt) * (0.5 + Math.random() / 2);
}

function parseFrame(data) {
  try {
    const frame = JSON.parse(data.toString());
    return typeof frame?.type === 'string' ? frame : undefined;
  } catch {
    return undefined;
  }
}
