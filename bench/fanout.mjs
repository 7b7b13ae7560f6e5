// npm run bench:fanout: how fast alerts reach many clients, beside plain `ws` sending the same bytes in this run.
// Each server has a process of its own and a process of clients of its own, for one may not open enough files for both:
// the limit (ulimit -n) must be above 10,000. With `node --cpu-prof bench/fanout.mjs` every process is profiled.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, startSide } from './support/sides.mjs';
import { median, spread } from './support/statistics.mjs';

const WARM_UP = 3;
const SCENARIOS = [
  { clients: 1_000, alerts: 200, rounds: 9 },
  { clients: 10_000, alerts: 1, rounds: 25 },
];
const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-bench-'));

function report(name, rounds) {
  const of = (field) =>
    median(rounds.map((round) => round[field]))
      .toFixed(1)
      .padStart(7);
  console.log(
    `  ${name.padEnd(11)}${of('whole')} ms   server CPU ${of('cpu')} ms, longest turn ${of('longestTurn')} ms` +
      `   client CPU ${of('clientCpu')} ms`,
  );
}

async function scenario(sides, { clients, alerts, rounds }) {
  for (const side of sides) await side.connect(clients);
  const results = sides.map(() => []);
  for (let round = -WARM_UP; round < rounds; round += 1) {
    const messages = await sides[0].server.ask('prepare', alerts);
    await sides[1].server.ask('prepare', messages);
    const text = messages.map((message) => JSON.stringify(message)).join('');
    const digest = createHash('sha256').update(text).digest('hex');
    // Who begins takes turns.
    for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const result = await measure(sides[index], alerts, digest);
      if (round >= 0) results[index].push(result);
    }
  }
  const size = (results[0][0].bytes / 1024).toFixed(1);
  console.log(
    `\n${clients.toLocaleString('en')} clients x ${alerts} alerts (${size} KiB each): median of ${rounds} rounds`,
  );
  sides.forEach(({ name }, index) => report(name, results[index]));
  compare(...results);
}

function compare(ours, plain) {
  const durable = median(ours.map(({ whole, delivery }) => whole - delivery));
  console.log(`  ${durable.toFixed(1)} ms of Pulsewatch's are the durable append to the alert log.`);
  const labels = {
    whole: 'as fast as ws.send, from the append to the last byte of the last client',
    delivery: 'as fast, from durable to there',
    cpu: 'as little CPU of the server',
  };
  for (const [field, label] of Object.entries(labels)) {
    const ratios = ours.map((result, round) => plain[round][field] / result[field]);
    console.log(`  ${median(ratios).toFixed(2).padStart(6)} x  ${label} (${spread(ratios, 2)})`);
  }
}

/** What an idle connection costs the server, when as many as the largest scenario has are there. */
async function memory(sides) {
  const count = Math.max(...SCENARIOS.map(({ clients }) => clients));
  console.log(`\nMemory of an idle connection, at ${count.toLocaleString('en')} connections`);
  const settled = count / 5;
  const costs = [];
  for (const side of sides) {
    // The first connections fill the space that the start left free.
    await side.connect(settled);
    const before = await side.server.ask('memory');
    await side.connect(count);
    const after = await side.server.ask('memory');
    const each = (field) => (after[field] - before[field]) / (count - settled) / 1024;
    costs.push(each('rss'));
    console.log(
      `  ${side.name.padEnd(11)}${each('rss').toFixed(2)} KiB resident, ${each('used').toFixed(2)} KiB in use by JavaScript`,
    );
  }
  console.log(`  ${(costs[0] / costs[1]).toFixed(2).padStart(6)} x  the memory of ${sides[1].name}`);
}

/** The servers and their clients, for as long as `work` takes. */
async function withSides(work) {
  const sides = [
    await startSide('Pulsewatch', 'pulsewatch-server', {
      DATA_DIR: await mkdtemp(join(folder, 'data-')),
      WS_HEARTBEAT: '1h',
      WS_STALL_LIMIT: '1h',
    }),
    await startSide('ws.send', 'ws-send-server', {}),
  ];
  await work(sides);
  for (const { clients, server } of sides) await Promise.all([clients.stop(), server.stop()]);
}

try {
  console.log(
    'Alerts come in by one AlertLog.append; they are decided before the clock starts. The baseline',
  );
  console.log('makes nothing durable: JSON.stringify once an alert, then client.send for each client.');
  for (const each of SCENARIOS) await withSides((sides) => scenario(sides, each));
  await withSides(memory);
} finally {
  await rm(folder, { recursive: true, force: true });
}
