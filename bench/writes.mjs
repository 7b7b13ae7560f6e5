// npm run bench:writes [-- ROWS [ROUNDS]]: how long an upload to DynamoDB takes, beside bare writes of the same items to the
// same endpoint by the SDK's own client: responses in batches, employees one by one, both with as many calls at once as is
// best. Both sides are processes that have run for a while: a first upload, which is not measured, shows what an upload
// writes. Half of the bare writes come before the upload and half after it, so that a machine that grows slower or faster
// does so for both. The endpoint is dynalite, in a process of its own.
import 'reflect-metadata';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoTables } from '../dist/storage/dynamodb/dynamo-tables.js';
import { createTables, TABLES } from '../dist/storage/dynamodb/table-definitions.js';
import { putBare, updateBare } from './support/bare-writes.mjs';
import { startDynalite } from './support/dynamodb.mjs';
import { startServer } from './support/server.mjs';
import { median } from './support/statistics.mjs';
import { writeSurvey } from './support/survey-file.mjs';
import { upload } from './support/upload.mjs';

const [rows, rounds] = [Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 3)];
/** Of the employees. */
const STRESSED = 0.05;
const LANES = [4, 8, 16, 32, 64];
const PROBED = 2_000;

async function read(tables, table) {
  const items = [];
  for await (const page of tables.scan(table, 1_000)) items.push(...page);
  return items;
}

async function withTables(client, prefix, use) {
  await createTables(client, prefix);
  try {
    return await use(new DynamoTables(client, prefix));
  } finally {
    for (const table of Object.keys(TABLES))
      await client.send(new DeleteTableCommand({ TableName: prefix + table }));
  }
}

/** The number of calls at once with which some of the items are written soonest. */
async function bestLanes(write) {
  const times = [];
  for (const lanes of LANES) times.push(await write(lanes));
  return LANES[times.indexOf(Math.min(...times))];
}

const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-bench-'));
const dynamo = await startDynalite(['--max-old-space-size=8192']);
const client = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    region: dynamo.variables.AWS_REGION,
    endpoint: dynamo.endpoint,
    // dynalite checks none, and the SDK must have some to sign with.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
);

/** Uploads responses and employees that nobody has seen; answers the seconds that it took. */
async function measureUpload(url, round) {
  const path = join(folder, 'survey.csv');
  await writeSurvey(path, rows, { stressed: STRESSED, first: round * rows + 1 });
  const file = await openAsBlob(path, { type: 'text/csv' });
  const began = performance.now();
  await upload(url, file, { everyMs: 250 });
  return (performance.now() - began) / 1_000;
}

/** Writes items to tables that are there; answers the seconds of each kind. */
async function writeBare(tables, { responses, employees }, lanes) {
  const put = await putBare(client, tables.name('Survey_Response'), responses, lanes.put);
  const update = await updateBare(client, tables.name('Employees'), 'Employee_ID', employees, lanes.update);
  return { put: put / 1_000, update: update / 1_000 };
}

/** The best numbers of calls at once. */
async function probe({ responses, employees }) {
  return withTables(client, 'probe_', async (tables) => ({
    put: await bestLanes((many) =>
      putBare(client, tables.name('Survey_Response'), responses.slice(0, PROBED), many),
    ),
    update: await bestLanes((many) =>
      updateBare(client, tables.name('Employees'), 'Employee_ID', employees.slice(0, PROBED), many),
    ),
  }));
}

function halves({ responses, employees }) {
  const part = (from, to) => ({ responses: responses.slice(from, to), employees: employees.slice(from, to) });
  const middle = Math.ceil(rows / 2);
  return [part(0, middle), part(middle)];
}

/** Seconds of an upload, and of the bare writes before and after it. */
async function measureRound(url, round, [earlier, later], lanes) {
  return withTables(client, `bare${round}_`, async (tables) => {
    const before = await writeBare(tables, earlier, lanes);
    const taken = await measureUpload(url, round);
    const after = await writeBare(tables, later, lanes);
    return { taken, put: before.put + after.put, update: before.update + after.update };
  });
}

/** Uploads a first time, and answers what is in the tables then. */
async function learn(url, tables) {
  await measureUpload(url, 0);
  return { responses: await read(tables, 'Survey_Response'), employees: await read(tables, 'Employees') };
}

let server;
try {
  const TABLE_PREFIX = 'upload_';
  server = await startServer({
    ...dynamo.variables,
    TABLE_PREFIX,
    DATA_DIR: folder,
    RISK_EVALUATE_EVERY: '0',
  });
  const items = await learn(server.url, new DynamoTables(client, TABLE_PREFIX));
  const lanes = await probe(items);
  const parts = halves(items);
  const ratios = [];
  for (let round = 1; round <= rounds; round += 1) {
    const { taken, put, update } = await measureRound(server.url, round, parts, lanes);
    const ratio = taken / (put + update);
    ratios.push(ratio);
    console.log(
      `round ${round}: upload of ${rows.toLocaleString('en')} responses ${taken.toFixed(1)} s; bare writes ` +
        `${(put + update).toFixed(1)} s (${put.toFixed(1)} s at ${lanes.put} at once, ` +
        `${update.toFixed(1)} s at ${lanes.update}); ${ratio.toFixed(2)} ×`,
    );
  }
  console.log(`median of ${rounds}: ${median(ratios).toFixed(2)} ×`);
} finally {
  await server?.stop();
  client.destroy();
  await dynamo.stop();
  await rm(folder, { recursive: true });
}
