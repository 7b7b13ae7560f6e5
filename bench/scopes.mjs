// npm run bench:scopes: what authentication costs the fan-out. The same alerts go to as many clients twice in each round:
// without authentication, and with tokens of two scopes that both see all of them, so that everybody gets the same bytes.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { measure, startSide } from './support/sides.mjs';
import { median, spread } from './support/statistics.mjs';

const WARM_UP = 3;
const SCENARIOS = [
  { clients: 1_000, alerts: 200, rounds: 25 },
  { clients: 10_000, alerts: 1, rounds: 25 },
];
const SECRET = 'a secret for as long as this takes';
const ISSUER = 'bench';
const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-bench-'));

function tokenOf(claims) {
  const token = new SignJWT({ sub: claims.role, ...claims }).setProtectedHeader({ alg: 'HS256' });
  return token
    .setIssuer(ISSUER)
    .setAudience(ISSUER)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));
}

const departments = Array.from({ length: 11 }, (_, number) => `Department ${number}`);
const tokens = await Promise.all([tokenOf({ role: 'hr' }), tokenOf({ role: 'manager', departments })]);

async function sidesOf() {
  const common = async () => ({
    DATA_DIR: await mkdtemp(join(folder, 'data-')),
    WS_HEARTBEAT: '1h',
    WS_STALL_LIMIT: '1h',
  });
  const jwt = {
    AUTH_MODE: 'jwt',
    JWT_SECRET: SECRET,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: ISSUER,
    MANAGERS_SEE_EMPLOYEES: 'true',
    WS_MAX_CONNECTIONS_PER_ADDRESS: '0',
    REQUESTS_PER_MINUTE: '0',
  };
  return [
    await startSide('without', 'pulsewatch-server', await common()),
    await startSide('two scopes', 'pulsewatch-server', { ...(await common()), ...jwt }, tokens),
  ];
}

function report(name, results) {
  const of = (field) =>
    median(results.map((result) => result[field]))
      .toFixed(1)
      .padStart(7);
  console.log(
    `  ${name.padEnd(11)}${of('whole')} ms, from durable ${of('delivery')} ms, server CPU ${of('cpu')} ms`,
  );
}

async function scenario({ clients, alerts, rounds }) {
  const sides = await sidesOf();
  for (const side of sides) await side.connect(clients);
  const results = sides.map(() => []);
  for (let round = -WARM_UP; round < rounds; round += 1) {
    // Who begins takes turns.
    for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const messages = await sides[index].server.ask('prepare', alerts);
      const text = messages.map((message) => JSON.stringify(message)).join('');
      const result = await measure(sides[index], alerts, createHash('sha256').update(text).digest('hex'));
      if (round >= 0) results[index].push(result);
    }
  }
  console.log(`\n${clients.toLocaleString('en')} clients x ${alerts} alerts: median of ${rounds} rounds`);
  sides.forEach(({ name }, index) => report(name, results[index]));
  for (const field of ['whole', 'delivery', 'cpu']) {
    const ratios = results[1].map((result, round) => result[field] / results[0][round][field]);
    const ofMedians = median(results[1].map((r) => r[field])) / median(results[0].map((r) => r[field]));
    console.log(
      `  ${field.padEnd(9)}${median(ratios).toFixed(2)} x of what it is without (${spread(ratios, 2)}; of the medians ${ofMedians.toFixed(2)})`,
    );
  }
  for (const side of sides) await Promise.all([side.clients.stop(), side.server.stop()]);
}

try {
  for (const each of SCENARIOS) await scenario(each);
} finally {
  await rm(folder, { recursive: true, force: true });
}
