// Runs the fleet test: npm run test:fleet -- --seeds 5 --seed 1 [--short]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    short: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [seeds, firstSeed] = [values.seeds, values.seed].map(Number);
if (values.help || ![seeds, firstSeed].every((n) => Number.isInteger(n) && n > 0)) {
  console.error('npm run test:fleet -- [--seeds 1] [--seed 1] [--short]');
  console.error('  --seed: the first of them; --short: as in npm test, with fewer clients and less time');
  process.exit(values.help ? 0 : 1);
}

const reports = [];
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const latency = ({ count, p50, p99 }) =>
  `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (${count} arrivals)`;

function show(report) {
  reports.push(report);
  const { seed, problems, ms, uploads, repeats, events, frames, connections, refusals, latencies } = report;
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} seed ${seed}  ${seconds(ms)}
     ${uploads} uploads, ${repeats} attempts repeated; ${events} events, received ${frames} times
     ${connections} connections of clients, ${refusals} attempts to connect that failed`);
  if (latencies) {
    console.log(`     decision to a client of another instance: with Redis ${latency(latencies.up)}`);
    console.log(`                                               while away ${latency(latencies.away)}`);
  }
  if (problems.length === 0) return;
  for (const line of [...problems.map((problem) => `! ${problem}`), ...report.schedule])
    console.log(`     ${line}`);
  console.log(`     Logs: ${report.folder}`);
  console.log(`     Again: npm run test:fleet -- --seed ${seed}${values.short ? ' --short' : ''}`);
}

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];
const child = spawn(process.execPath, [...jest, '--runInBand', 'test/fleet/fleet.spec.ts'], {
  env: {
    ...process.env,
    PULSEWATCH_TEST_SEEDS: Array.from({ length: seeds }, (_, n) => firstSeed + n).join(','),
    PULSEWATCH_TEST_FLEET: values.short ? 'short' : 'long',
  },
  stdio: ['ignore', 'pipe', 'pipe'],
});
const told = [];
createInterface({ input: child.stdout }).on('line', (line) => {
  if (line.startsWith('@seed ')) show(JSON.parse(line.slice('@seed '.length)));
});
createInterface({ input: child.stderr }).on('line', (line) => told.push(line));
const [code] = await once(child, 'close');
const passed = reports.filter(({ problems }) => problems.length === 0).length;
// Failures are shown seed by seed; what else goes wrong only Jest can tell.
if (code !== 0 && (reports.length < seeds || passed === seeds)) console.log(told.join('\n'));
console.log(`\n${passed} of ${seeds} seeds passed`);
process.exit(code === 0 && passed === seeds ? 0 : 1);
