// The real application in a process of its own, with a door for the benchmark: alerts come in by AlertLog.append.
import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { setTimeout as delay } from 'node:timers/promises';
import { AlertLog } from '../../dist/alerting/log/alert-log.js';
import { AlertMessages } from '../../dist/delivery/alerts/messages.js';
import { createApp } from '../../dist/app.setup.js';
import { loadConfig } from '../../dist/config/load-config.js';
import { stressDecisions } from './decisions.mjs';
import { answerQuestions, now } from './helper.mjs';
import { readMemory, readMeters, startMeters } from './meters.mjs';

setFlagsFromString('--heap-growing-percent=50'); // as src/main.ts has it
const config = loadConfig({
  ...process.env,
  PORT: '0',
  LOG_LEVEL: 'error',
  LOG_FORMAT: 'json',
  // The alerts are of people that no table knows; an evaluation would clear them.
  RISK_EVALUATE_EVERY: '0',
});
const app = await createApp(config);
await app.listen(config.port, config.host);
const log = app.get(AlertLog);
const messages = app.get(AlertMessages);

const sockets = new Set();
app.getHttpServer().on('connection', (socket) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});

let prepared = [];
let durableAt = 0;
log.listen(() => (durableAt = now()));

async function append(decisions) {
  const { complete } = await log.append(decisions, log.head);
  if (!complete) throw new Error('somebody else appended');
}

answerQuestions(
  {
    address: () => ({ port: app.getHttpServer().address().port, path: '/api/v1/ws/alerts' }),
    /** Decides on `count` alerts; answers the messages they will be. */
    prepare(count) {
      prepared = stressDecisions(count, Date.now());
      return prepared.map((decision, index) => messages.of({ ...decision, id: log.head + 1 + index }));
    },
    /** Appends them in one go, as an evaluation does. Answers when it began and when they were on the disk. */
    async trigger() {
      await startMeters();
      const at = now();
      await append(prepared);
      return { at, durableAt };
    },
    /** Appends `batches` times `size` alerts, one batch each `everyMs`. Answers the first id and when each began. */
    async stream({ batches, size, everyMs }) {
      const first = log.head + 1;
      const began = [];
      await startMeters();
      const start = now();
      for (let batch = 0; batch < batches; batch += 1) {
        await delay(Math.max(0, start + batch * everyMs - now()));
        const decisions = stressDecisions(size, Date.now(), batch * size);
        began.push(now());
        await append(decisions);
      }
      return { first, began };
    },
    /** Bytes that wait in this process, not in the kernel, for the client at `remotePort`. */
    waiting: (remotePort) => [...sockets].find((socket) => socket.remotePort === remotePort)?.writableLength,
    meters: readMeters,
    memory: readMemory,
  },
  () => app.close(),
);
