// npm run bench:stall: what one client that stops reading costs the others and the server, beside runs without it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { now, startHelper } from './support/helper.mjs';
import { median, spread } from './support/statistics.mjs';

const CLIENTS = 500;
const COUNT = 10_000;
const BATCH = 100;
const EVERY_MS = 50;
/** Alerts go before, so that the kernel's buffers of the client are full and the server feels that nobody reads. */
const FILL_EVERY_MS = 20;
const FILL_STEP = 20;
const MAX_FILLING = 2_000;
const ROUNDS = Number(process.argv[2] ?? 7);

const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-bench-'));

/** A new server and new clients, so that every run has the same past. */
async function start() {
  const server = startHelper('pulsewatch-server', {
    DATA_DIR: await mkdtemp(join(folder, 'data-')),
    WS_HEARTBEAT: '1h',
    WS_STALL_LIMIT: '1h',
  });
  const clients = startHelper('timing-clients');
  await clients.ask('connect', { count: CLIENTS, ...(await server.ask('address')) });
  return {
    server,
    clients,
    /** Sends `batches` batches; resolves when all clients from the index `from` on have them. */
    async stream(batches, everyMs, from) {
      const { first, began } = await server.ask('stream', { batches, size: BATCH, everyMs });
      const last = first + batches * BATCH - 1;
      await clients.ask('reached', { id: last, from });
      return { last, began };
    },
    stop: () => Promise.all([clients.stop(), server.stop()]),
  };
}

/** How many batches it takes until the kernel takes no more for a client that does not read. */
async function findFilling() {
  const { server, clients, stream, stop } = await start();
  const port = await clients.ask('stall');
  let batches = 0;
  while ((await server.ask('waiting', port)) === 0) {
    if (batches > MAX_FILLING) throw new Error('the kernel takes everything; nothing would be outstanding');
    await stream(FILL_STEP, FILL_EVERY_MS, 1);
    batches += FILL_STEP;
  }
  await stop();
  return batches + FILL_STEP;
}

async function run(filling, isStalled) {
  const { server, clients, stream, stop } = await start();
  const from = isStalled ? 1 : 0;
  const port = isStalled ? await clients.ask('stall') : undefined;
  const filled = await stream(filling, FILL_EVERY_MS, from);
  const outstanding = isStalled ? await server.ask('waiting', port) : 0;
  if (isStalled && !(outstanding > 0)) throw new Error('the kernel took everything; nothing is outstanding');
  await clients.ask('record', { first: filled.last + 1, count: COUNT });
  const { last, began } = await stream(COUNT / BATCH, EVERY_MS, from);
  const meters = await server.ask('meters');
  const memory = await server.ask('memory');
  const latencies = await clients.ask('latencies', { began, size: BATCH });
  const resumed = now();
  await clients.ask('resume');
  await clients.ask('reached', { id: last, from: 0 });
  const caughtUp = now() - resumed;
  const received = await clients.ask('received');
  if (received !== COUNT + filling * BATCH) throw new Error(`the client got ${received} alerts`);
  await stop();
  return { ...latencies, ...meters, ...memory, outstanding, caughtUp };
}

function report(name, runs) {
  const of = (field, digits, unit = 1) =>
    (median(runs.map((each) => each[field])) / unit).toFixed(digits).padStart(7);
  console.log(
    `  ${name.padEnd(16)}p50 ${of('p50', 2)} ms   p99 ${of('p99', 2)} ms   server: CPU ${of('cpu', 0)} ms, ` +
      `longest turn ${of('longestTurn', 1)} ms, resident ${of('rss', 1, 2 ** 20)} MiB`,
  );
}

function reportAll({ without, stalled }) {
  const pairs = (make) => stalled.map((each, round) => make(each, without[round]));
  report('all read', without);
  report('one has stopped', stalled);
  const ratios = pairs((each, base) => each.p99 / base.p99);
  const quietest = Math.min(...stalled.map(({ p99 }) => p99)) / Math.min(...without.map(({ p99 }) => p99));
  console.log(
    `  ${median(ratios).toFixed(2)} x the p99 of the others (${spread(ratios, 2)}); ` +
      `${quietest.toFixed(2)} x in the quietest run of each`,
  );
  const cpu = pairs((each, base) => each.cpu / base.cpu);
  console.log(`  ${median(cpu).toFixed(2)} x the CPU of the server (${spread(cpu, 2)})`);
  const memories = { rss: 'resident', anonymous: 'of it not mapped files', used: 'in use by JavaScript' };
  for (const [field, label] of Object.entries(memories)) {
    const more = pairs((each, base) => (each[field] - base[field]) / 2 ** 20);
    console.log(`  ${median(more).toFixed(2)} MiB more ${label}, garbage collected (${spread(more, 2)})`);
  }
  const waited = median(stalled.map(({ outstanding }) => outstanding)) / 1024;
  const caughtUp = median(stalled.map((each) => each.caughtUp));
  console.log(
    `  ${waited.toFixed(0)} KiB waited in the server for the one that had stopped. Reading again, it had every alert, ` +
      `in order, within ${caughtUp.toFixed(0)} ms, each time.`,
  );
}

try {
  const filling = await findFilling();
  console.log(
    `${CLIENTS} clients, ${COUNT.toLocaleString('en')} alerts in batches of ${BATCH} every ${EVERY_MS} ms, after ` +
      `${(filling * BATCH).toLocaleString('en')} that fill the kernel's buffers; median of ${ROUNDS} rounds.\n` +
      'Latency: from just before the append to the read, of all clients but the one in question.',
  );
  const runs = { without: [], stalled: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    // Who begins takes turns.
    for (const isStalled of round % 2 === 0 ? [false, true] : [true, false])
      runs[isStalled ? 'stalled' : 'without'].push(await run(filling, isStalled));
  }
  reportAll(runs);
} finally {
  await rm(folder, { recursive: true, force: true });
}
