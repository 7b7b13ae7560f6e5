// Runs the fault suite over many seeds: npm run test:faults -- --seeds 200 --first-seed 1 --storage embedded --workers 2
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { FAILPOINTS } from '../dist/lib/failpoints.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    'first-seed': { type: 'string', default: '1' },
    storage: { type: 'string', default: 'embedded' },
    workers: { type: 'string', default: '2' },
    main: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [seeds, firstSeed, workers] = [values.seeds, values['first-seed'], values.workers].map(Number);
const { storage, main } = values;

if (values.help || ![seeds, firstSeed, workers].every((n) => Number.isInteger(n) && n > 0)) {
  console.error(
    'npm run test:faults -- [--seeds 20] [--first-seed 1] [--storage embedded|dynamodb] [--workers 2]',
  );
  console.error('                       [--main another/dist/main.js]');
  process.exit(values.help ? 0 : 1);
}
if (!['embedded', 'dynamodb'].includes(storage)) {
  console.error('--storage is embedded or dynamodb');
  process.exit(1);
}

const reports = [];
const began = Date.now();
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

function show(report) {
  reports.push(report);
  const { seed, problems, ms, starts, kills, stops, crashes, events, frames } = report;
  const hit = Object.entries(crashes).map(([name, times]) => (times > 1 ? `${name} (${times}×)` : name));
  const facts = [
    `${starts} starts`,
    `${kills} kills`,
    `${stops} stops`,
    ...hit,
    `${events} events`,
    `${frames} frames`,
  ];
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} seed ${seed}  ${seconds(ms)}  ${facts.join(', ')}`);
  if (problems.length === 0) return;
  for (const line of [...problems.map((problem) => `! ${problem}`), ...report.schedule])
    console.log(`     ${line}`);
  console.log('     The server logged last:');
  for (const line of report.log.slice(-40)) console.log(`       ${line}`);
  const replay = [
    '--seeds 1',
    `--first-seed ${seed}`,
    `--storage ${storage}`,
    ...(main ? [`--main ${main}`] : []),
  ];
  console.log(`     Again: npm run test:faults -- ${replay.join(' ')}`);
}

/** Runs some of the seeds in one Jest; resolves to true when it was content. */
async function runSome(mine) {
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
  ];
  const child = spawn(process.execPath, [...jest, '--runInBand', `test/faults/${storage}.spec.ts`], {
    env: {
      ...process.env,
      PULSEWATCH_TEST_SEEDS: mine.join(','),
      ...(main ? { PULSEWATCH_TEST_MAIN: main } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = [];
  const before = reports.length;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('@seed ')) show(JSON.parse(line.slice('@seed '.length)));
  });
  createInterface({ input: child.stderr }).on('line', (line) => told.push(line));
  const [code] = await once(child, 'close');
  // Failures are shown seed by seed; what else goes wrong only Jest can tell.
  if (code !== 0 && (reports.length === before || !reports.some(({ problems }) => problems.length > 0)))
    console.log(told.join('\n'));
  return code === 0;
}

const all = Array.from({ length: seeds }, (_, n) => firstSeed + n);
const shares = Array.from({ length: Math.min(workers, seeds) }, (_, n) =>
  all.filter((_, index) => index % workers === n),
);
const outcomes = await Promise.all(shares.map(runSome));

const sum = (pick) => reports.reduce((total, report) => total + pick(report), 0);
const passed = reports.filter(({ problems }) => problems.length === 0).length;
const crashes = new Map();
for (const [point, times] of reports.flatMap((report) => Object.entries(report.crashes))) {
  const [name] = point.split(':');
  crashes.set(name, (crashes.get(name) ?? 0) + times);
}
const mean = reports.length === 0 ? 0 : sum(({ ms }) => ms) / reports.length;
console.log(`
${storage}: ${passed} of ${seeds} seeds passed in ${seconds(Date.now() - began)}, ${seconds(mean)} a seed
  ${sum((r) => r.starts)} starts, ${sum((r) => r.kills)} random kills, ${sum((r) => r.stops)} polite stops
  ${sum((r) => r.events)} events in the logs, ${sum((r) => r.frames)} frames received by clients
  failpoints hit: ${FAILPOINTS.map((name) => `${name} ${crashes.get(name) ?? 0}`).join(', ')}`);
const failed = reports.filter(({ problems }) => problems.length > 0).map(({ seed }) => seed);
if (failed.length > 0) console.log(`  failed seeds: ${failed.sort((a, b) => a - b).join(', ')}`);
process.exit(outcomes.every(Boolean) && passed === seeds ? 0 : 1);
