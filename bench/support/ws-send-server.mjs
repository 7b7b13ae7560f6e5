// The baseline: the `ws` library as one would use it, one JSON.stringify an alert and one send a client.
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { answerQuestions, now } from './helper.mjs';
import { readMemory, readMeters, startMeters } from './meters.mjs';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
await once(server, 'listening');
server.on('connection', (client) => {
  client.on('error', () => client.terminate());
  client.send(JSON.stringify({ type: 'connection', message: 'Connected to risk monitoring alerts' }));
});

let prepared = [];

answerQuestions({
  address: () => ({ port: server.address().port, path: '/' }),
  prepare: (messages) => void (prepared = messages),
  async trigger() {
    await startMeters();
    const at = now();
    for (const message of prepared) {
      const text = JSON.stringify(message);
      for (const client of server.clients) client.send(text);
    }
    return { at, durableAt: at };
  },
  meters: readMeters,
  memory: readMemory,
});
