// A process of clients that note when each alert came, and fail when one is missing, doubled or out of order. The first
// client can stop reading.
import { payloadOf } from './frame-walker.mjs';
import { answerQuestions, now } from './helper.mjs';
import { quantile } from './statistics.mjs';
import { subscribeMany } from './subscriber.mjs';

const ID = Buffer.from('"id":"');
const QUOTE = 0x22;
const clients = [];
let sockets = [];
let recording = { first: Infinity, count: 0, times: new Float64Array(0) };
let awaited;

function newClient(index) {
  const client = { last: undefined, received: 0 };
  clients.push(client);
  let readAt = 0;
  const onText = (buffer, start, end) => {
    const id = idOf(payloadOf(buffer, start, end));
    if (id !== (client.last ?? id - 1) + 1) throw new Error(`client ${index} got ${id} after ${client.last}`);
    client.last = id;
    client.received += 1;
    const place = id - recording.first;
    if (place >= 0 && place < recording.count) recording.times[index * recording.count + place] = readAt;
    if (id === awaited?.id && --awaited.missing === 0) awaited.resolve();
  };
  return { onText, onRead: () => (readAt = now()) };
}

/** An id has too few digits to be inexact. */
function idOf(payload) {
  let value = 0;
  for (let at = payload.indexOf(ID) + ID.length; payload[at] !== QUOTE; at += 1)
    value = value * 10 + payload[at] - 0x30;
  return value;
}

function lost(error) {
  throw error;
}

answerQuestions({
  async connect({ count, ...address }) {
    sockets = await subscribeMany(count, address, newClient, lost);
  },
  /** Notes the times of `count` alerts from the id `first` on. */
  record({ first, count }) {
    recording = { first, count, times: new Float64Array(count * clients.length) };
  },
  /** The first client reads no more; the port by which the server knows it. */
  stall() {
    sockets[0].pause();
    return sockets[0].localPort;
  },
  resume: () => void sockets[0].resume(),
  /** Resolves when every client from the index `from` on has the alert `id`. */
  async reached({ id, from }) {
    const late = clients.slice(from).filter(({ last }) => last === undefined || last < id);
    if (late.length === 0) return;
    await new Promise((resolve) => (awaited = { id, missing: late.length, resolve }));
  },
  /** How many alerts the first client has got; they came in order and without a gap. */
  received: () => clients[0].received,
  /** Latencies of all clients but the first: from when the batch of `size` alerts was appended. */
  latencies({ began, size }) {
    const { count, times } = recording;
    const all = times.slice(count);
    for (let at = 0; at < all.length; at += 1) all[at] -= began[Math.floor((at % count) / size)];
    all.sort();
    return { p50: quantile(all, 0.5), p99: quantile(all, 0.99), min: all[0] };
  },
});
