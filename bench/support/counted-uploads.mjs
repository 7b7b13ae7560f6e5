// A server in this process: fills the table of employees, uploads 10 rows some times, and tells the least that one of them
// read and wrote, for a process also looks what is new every so often.
import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from '../../dist/app.setup.js';
import { loadConfig } from '../../dist/config/load-config.js';
import { createDynamoClient } from '../../dist/storage/dynamodb/dynamodb-client.js';
import { DynamoTables } from '../../dist/storage/dynamodb/dynamo-tables.js';
import { EMPLOYEE_ITEMS } from '../../dist/storage/dynamodb/entity-items.js';
import { createTables } from '../../dist/storage/dynamodb/table-definitions.js';
import { EvaluationPassStore } from '../../dist/storage/ports/evaluation-pass.store.js';
import { openEmbeddedStorage } from '../../dist/storage/embedded/embedded-storage.js';
import { startSecondDynamo } from './dynamodb.mjs';
import { countDynamo, countEmbedded, takeCounts } from './storage-operations.mjs';
import { upload } from './upload.mjs';

const [driver, employees] = [process.argv[2], Number(process.argv[3])];
const ROUNDS = 9;
const ROWS = 10;
const FILLED_AT_ONCE = 2_000;
const DEPARTMENTS = 11;

const employee = (n) => ({
  employeeId: `E${String(n).padStart(8, '0')}`,
  attributes: { name: 'Ada Lovelace', division: `Department ${n % DEPARTMENTS}`, location: 'Headquarters' },
  metrics: {
    dimensions: { ESG: 3, Leadership: 4.5 },
    rates: { stress_rate: (n % 400) / 10, engagement_rate: 60, attrition_rate: 25 },
  },
  lastSubmissionDate: '2025-01-01',
});

function* batches() {
  for (let start = 0; start < employees; start += FILLED_AT_ONCE) {
    const length = Math.min(FILLED_AT_ONCE, employees - start);
    yield Array.from({ length }, (_, n) => employee(start + n));
  }
}

async function embedded(folder) {
  const storage = openEmbeddedStorage(folder);
  for (const batch of batches()) {
    const byId = new Map(batch.map((one) => [one.employeeId, one]));
    await storage.employees.mutate([...byId.keys()], (id) => byId.get(id));
  }
  await storage.close();
  return { variables: {}, stop: () => Promise.resolve() };
}

async function dynamodb() {
  const { endpoint, variables, stop } = await startSecondDynamo(['--max-old-space-size=8192']);
  const client = createDynamoClient({ driver: 'dynamodb', region: 'local', endpoint, tablePrefix: '' });
  await createTables(client, '');
  const tables = new DynamoTables(client, '');
  for (const batch of batches()) await tables.putAll('Employees', batch.map(EMPLOYEE_ITEMS.toItem));
  client.destroy();
  return { variables, stop };
}

/** Ten people of two departments, with other answers each time. */
function csv(round) {
  const questions = Array.from({ length: 15 }, (_, n) => `Q${n + 1}_Question`);
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const answers = questions.map((_, question) => ((round + n + question) % 5) + 1);
    const { employeeId, attributes } = employee(round * DEPARTMENTS + (n % 2) + n * 2 * DEPARTMENTS);
    return [employeeId, `2025-06-${String(round + 10)}`, attributes.division, ...answers].join(',');
  });
  return [['employee_id', 'submission_date', 'department', ...questions].join(','), ...rows, ''].join('\n');
}

async function uploadTen(url, round) {
  const { result } = await upload(url, new Blob([csv(round)]));
  if (result.rows_written !== ROWS) throw new Error(`The upload came to ${JSON.stringify(result)}`);
}

const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-bench-'));
const { variables, stop } = await { embedded, dynamodb }[driver](join(folder, 'data'));
if (driver === 'embedded') countEmbedded();
else countDynamo();
const config = loadConfig({
  ...variables,
  DATA_DIR: join(folder, 'data'),
  PORT: '0',
  RISK_EVALUATE_EVERY: '0',
  LOG_LEVEL: 'error',
});
const app = await createApp(config);
try {
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${app.getHttpServer().address().port}`;
  // An emulator takes minutes for the evaluation of the start.
  while (!(await app.get(EvaluationPassStore).get())?.completed) await delay(500);
  await uploadTen(url, 0);
  const least = { reads: Infinity, writes: Infinity, calls: Infinity, rounds: ROUNDS };
  for (let round = 1; round <= ROUNDS; round += 1) {
    takeCounts();
    await uploadTen(url, round);
    for (const [what, count] of Object.entries(takeCounts())) least[what] = Math.min(least[what], count);
  }
  process.send(least);
} finally {
  await app.close();
  await stop();
  await rm(folder, { recursive: true });
}
process.disconnect();
