// A process of clients that count what they get. It tells when the last one has got the last byte.
import { createHash } from 'node:crypto';
import { answerQuestions, now } from './helper.mjs';
import { payloadOf } from './frame-walker.mjs';
import { subscribeMany } from './subscriber.mjs';

const clients = [];
let round;

function newClient() {
  const client = { count: 0, bytes: 0 };
  clients.push(client);
  const onText = (buffer, start, end) => {
    client.count += 1;
    client.bytes += end - start;
    // The first client's bytes are kept and looked at afterwards; that the others got as many is counted.
    if (client === clients[0]) round.sample.push(Buffer.from(payloadOf(buffer, start, end)));
    if (client.count > round.messages) round.reject(new Error('a client got more than was sent'));
    if (client.count === round.messages && --round.missing === 0) round.resolve(now());
  };
  return { onText };
}

answerQuestions({
  /** Adds clients until there are `count`. */
  async connect({ count, tokens, ...address }) {
    const more = count - clients.length;
    const sockets = await subscribeMany(more, { ...address, tokens }, newClient, (e) => round?.reject(e));
    return sockets.length;
  },
  /** Gets ready for a round in which each client is to get `messages`. */
  expect(messages) {
    globalThis.gc();
    for (const client of clients) Object.assign(client, { count: 0, bytes: 0 });
    round = { messages, missing: clients.length, sample: [], cpu: process.cpuUsage() };
    round.done = new Promise((resolve, reject) => Object.assign(round, { resolve, reject }));
    // Whoever asks for the outcome later must not come too late for a failure.
    round.done.catch(() => undefined);
  },
  /** When the round was over, and what the clients got. */
  async outcome() {
    const at = await round.done;
    const { user, system } = process.cpuUsage(round.cpu);
    const digest = createHash('sha256').update(Buffer.concat(round.sample)).digest('hex');
    if (clients.some(({ bytes }) => bytes !== clients[0].bytes)) throw new Error('clients got unequal bytes');
    return { at, digest, bytes: clients[0].bytes, cpu: (user + system) / 1000 };
  },
});
