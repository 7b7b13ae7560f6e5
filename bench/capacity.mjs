// npm run bench:capacity [-- ROWS]: the request units that DynamoDB says an upload took, beside what
// docs/operations/dynamodb-cost.md computes. Fails where they differ by more than 5 %. The endpoint is dynalite.
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDynamoClient } from '../dist/storage/dynamodb/dynamodb-client.js';
import { DynamoTables } from '../dist/storage/dynamodb/dynamo-tables.js';
import { unitsOfRows } from './support/capacity-model.mjs';
import { startDynalite } from './support/dynamodb.mjs';
import { startServer } from './support/server.mjs';
import { writeSurvey } from './support/survey-file.mjs';
import { upload } from './support/upload.mjs';

const rows = Number(process.argv[2] ?? 100_000);
const TOLERANCE = 0.05;
/** Of the employees. */
const STRESSED = 0.05;
const SAMPLE =
  /^pulsewatch_dynamodb_capacity_units_total\{operation="(\w+)",table="(\w+)",kind="(\w+)"\} (\S+)$/gm;

const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-bench-'));
const dynamo = await startDynalite(['--max-old-space-size=8192']);

/** The units that were charged so far, by what for. */
async function charged(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const units = new Map();
  for (const [, operation, table, kind, value] of text.matchAll(SAMPLE))
    units.set(`${operation} ${table} ${kind}`, Number(value));
  return units;
}

async function items(table) {
  const client = createDynamoClient({ region: dynamo.variables.AWS_REGION, endpoint: dynamo.endpoint });
  const all = [];
  for await (const page of new DynamoTables(client, '').scan(table, 1_000)) all.push(...page);
  client.destroy();
  return all;
}

const line = (what, ...figures) =>
  console.log(
    `  ${what.padEnd(44)}${figures.map((figure) => figure.toLocaleString('en').padStart(12)).join('')}`,
  );

try {
  const path = join(folder, 'survey.csv');
  await writeSurvey(path, rows, { stressed: STRESSED });
  const server = await startServer({
    ...dynamo.variables,
    DATA_DIR: join(folder, 'data'),
    RISK_EVALUATE_EVERY: '0',
  });
  const before = await charged(server.url);
  const { result } = await upload(server.url, await openAsBlob(path, { type: 'text/csv' }), { everyMs: 500 });
  const left = await charged(server.url);
  await server.stop();
  for (const [what, units] of left) left.set(what, units - (before.get(what) ?? 0));
  const [responses, employees] = [await items('Survey_Response'), await items('Employees')];

  const alerts = result.alerts_raised;
  console.log(`${rows.toLocaleString('en')} responses, ${alerts.toLocaleString('en')} alerts`);
  line('', 'computed', 'charged');
  let isRight = true;
  for (const { operation, table, kind, units } of unitsOfRows({ responses, employees, alerts })) {
    const what = `${operation} ${table} ${kind}`;
    const told = left.get(what) ?? 0;
    left.delete(what);
    line(what, units, told);
    if (Math.abs(told / units - 1) > TOLERANCE) isRight = false;
  }
  for (const [what, units] of [...left].sort(([, a], [, b]) => b - a)) if (units > 0) line(what, '', units);
  if (!isRight) process.exitCode = 1;
} finally {
  await dynamo.stop();
  await rm(folder, { recursive: true });
}
