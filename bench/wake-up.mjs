// npm run bench:wake-up [-- EVENTS]: how soon an alert that one instance appends is on a socket of another one, with a Redis
// and without, on both storages. The start is the moment at which a client of the appending instance has it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { startDynalite } from './support/dynamodb.mjs';
import { now } from './support/helper.mjs';
import { startServer } from './support/server.mjs';
import { quantile } from './support/statistics.mjs';
import { upload } from './support/upload.mjs';

const events = Number(process.argv[2] ?? 300);
/** Events come at any moment of the pause between two looks. */
const PAUSE_MS = 250;

async function startRedis() {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address();
  await new Promise((resolve) => free.close(resolve));
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', ''];
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('Ready to accept')) break;
  return { url: `redis://127.0.0.1:${port}`, child };
}

/** A client that knows when it got which alert. */
async function subscribe({ url }) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws/alerts?v=1`);
  const arrivals = new Map();
  let check = () => undefined;
  socket.on('message', (data) => {
    const at = now();
    const { id, data: about } = JSON.parse(String(data));
    // Her department may turn critical, too.
    if (about?.employee_id === 'E1') arrivals.set(id, at);
    check();
  });
  await once(socket, 'open');
  const has = (count) =>
    new Promise((resolve) => {
      check = () => arrivals.size >= count && resolve();
      check();
    });
  return { arrivals, has, close: () => socket.terminate() };
}

async function measured(variables) {
  const own = { RISK_EVALUATE_EVERY: '0', ...variables };
  const servers = await Promise.all([startServer(own), startServer(own)]);
  const [{ url: appending }] = servers;
  await upload(appending, new Blob(['employee_id,name,division\nE1,Ada,Sales\n']));
  const clients = await Promise.all(servers.map(subscribe));
  for (let count = 1; count <= events; count += 1) {
    await delay(Math.random() * PAUSE_MS);
    const answer = await fetch(`${appending}/api/v1/employees/E1`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ stress_rate: count % 2 === 0 ? 10 : 90 }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    await Promise.all(clients.map((client) => client.has(count)));
  }
  const [here, there] = clients.map(({ arrivals }) => arrivals);
  const late = [...here].map(([id, at]) => there.get(id) - at).sort((a, b) => a - b);
  for (const client of clients) client.close();
  for (const server of servers) await server.stop();
  return late;
}

const redis = await startRedis();
for (const storage of ['embedded', 'dynamodb']) {
  console.log(`${storage}, ${events} events of one instance, until a client of the other one has them:`);
  const medians = [];
  for (const [name, own] of [
    ['polling', {}],
    ['with Redis', { REDIS_URL: redis.url }],
  ]) {
    const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-bench-'));
    const dynalite = storage === 'dynamodb' ? await startDynalite() : undefined;
    const late = await measured({ DATA_DIR: folder, ...dynalite?.variables, ...own });
    medians.push(quantile(late, 0.5));
    const figures = [0.5, 0.99].map((q) => `p${q * 100} ${quantile(late, q).toFixed(1).padStart(6)} ms`);
    console.log(
      `  ${name.padEnd(11)} ${figures.join('   ')}   longest ${late.at(-1).toFixed(1).padStart(6)} ms`,
    );
    await dynalite?.stop();
    await rm(folder, { recursive: true });
  }
  console.log(`  ${(medians[0] / medians[1]).toFixed(0)} times as soon with Redis, by the medians`);
}
redis.child.kill('SIGKILL');
