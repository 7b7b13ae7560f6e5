// Runs what reaches DynamoDB on the second one: npm run test:dynamodb -- --hostile --seed 7 test/e2e/streams.spec.ts
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: {
    hostile: { type: 'boolean', default: false },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const seed = Number(values.seed ?? 1 + Math.floor(Math.random() * 1_000_000));

if (values.help || !Number.isInteger(seed)) {
  console.error('npm run test:dynamodb -- [--hostile] [--seed 1] [specs …]');
  process.exit(values.help ? 0 : 1);
}

/** What a spec that starts a DynamoDB, or is given one, names. */
const REACHES = /\b(startDynamo|startDynaliteProcess|startSecondDynamo|onEachStorage|installDynamo)\b/;
/** Those that are of the other storage, or are there to be run with a second DynamoDB of their own. */
const OTHERS = /embedded|second-dynamodb/;
/** It counts calls, of which a hostile one wants more. */
const CALM_ONLY = /dynamodb-metrics/;

function specs() {
  return readdirSync('test', { recursive: true })
    .map((path) => `test/${path}`)
    .filter((path) => path.endsWith('.spec.ts') && REACHES.test(readFileSync(path, 'utf8')))
    .filter((path) => !OTHERS.test(path) && !(values.hostile && CALM_ONLY.test(path)));
}

const server = fork('tools/dynamodb-double/main.mjs', [
  ...['--seed', String(seed)],
  ...(values.hostile ? ['--hostile'] : []),
]);
const [port] = await once(server, 'message');

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];
const child = spawn(process.execPath, [...jest, ...(positionals.length > 0 ? positionals : specs())], {
  env: {
    ...process.env,
    DYNAMODB_ENDPOINT: `http://127.0.0.1:${port}`,
    PULSEWATCH_TEST_HOSTILE: String(values.hostile),
  },
  stdio: 'inherit',
});
const [code] = await once(child, 'close');
server.kill('SIGKILL');
const flags = `${values.hostile ? '--hostile ' : ''}--seed ${seed}`;
if (code !== 0) console.error(`Again: npm run test:dynamodb -- ${[flags, ...positionals].join(' ')}`);
process.exit(code ?? 1);
