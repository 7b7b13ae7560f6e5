// npm run bench:writes [-- ROWS [ROUNDS]]: how long an upload to DynamoDB takes, beside bare writes of the same items to the
// same endpoint by the SDK's own client: responses in batches, employees one by one, both with as many calls at once as is
// best. Both sides have written before.
// The endpoint is dynalite, in a process of its own.
import 'reflect-metadata';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoTables } from '../dist/storage/dynamodb/dynamo-tables.js';
import { createTables, TABLES } from '../dist/storage/dynamodb/tables.js';
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
/** Responses that the server takes in before the upload that is measured. */
const WARMING = 5_000;

async function read(tables, table) {
  const items = [];
  for await (const page of tables.scan(table, 1_000)) items.push(...page);
  return items;
}

/** Whether an item is of the upload that is measured: ids end with the number of their row. */
function isMeasured(id) {
  return Number(/\d+$/.exec(id)?.[0]) > WARMING;
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

/** Seconds of the upload, and what it wrote. */
async function measureUpload(prefix, warming, file) {
  return withTables(client, prefix, async (tables) => {
    const server = await startServer({
      ...dynamo.variables,
      TABLE_PREFIX: prefix,
      DATA_DIR: join(folder, prefix),
      RISK_EVALUATE_EVERY: '0',
    });
    await upload(server.url, warming);
    const began = performance.now();
    await upload(server.url, file, { everyMs: 250 });
    const taken = (performance.now() - began) / 1_000;
    await server.stop();
    return {
      taken,
      responses: (await read(tables, 'Survey_Response')).filter(({ response_id }) => isMeasured(response_id)),
      employees: (await read(tables, 'Employees')).filter(({ Employee_ID }) => isMeasured(Employee_ID)),
    };
  });
}

/** Seconds of the bare writes. */
async function measureBare(prefix, responses, employees, lanes) {
  return withTables(client, prefix, async (tables) => {
    const put = await putBare(client, tables.name('Survey_Response'), responses, lanes.put);
    const update = await updateBare(client, tables.name('Employees'), 'Employee_ID', employees, lanes.update);
    return { put: put / 1_000, update: update / 1_000 };
  });
}

try {
  const survey = async (name, many, first) => {
    const path = join(folder, name);
    await writeSurvey(path, many, { stressed: STRESSED, first });
    return openAsBlob(path, { type: 'text/csv' });
  };
  const warming = await survey('warming.csv', WARMING, 1);
  const file = await survey('survey.csv', rows, WARMING + 1);
  const ratios = [];
  let lanes;
  for (let round = 1; round <= rounds; round += 1) {
    const { taken, responses, employees } = await measureUpload(`upload${round}_`, warming, file);
    lanes ??= await withTables(client, 'probe_', async (tables) => ({
      put: await bestLanes((many) =>
        putBare(client, tables.name('Survey_Response'), responses.slice(0, PROBED), many),
      ),
      update: await bestLanes((many) =>
        updateBare(client, tables.name('Employees'), 'Employee_ID', employees.slice(0, PROBED), many),
      ),
    }));
    const bare = await measureBare(`bare${round}_`, responses, employees, lanes);
    const ratio = taken / (bare.put + bare.update);
    ratios.push(ratio);
    console.log(
      `round ${round}: upload of ${rows.toLocaleString('en')} responses ${taken.toFixed(1)} s; bare writes ` +
        `${(bare.put + bare.update).toFixed(1)} s (${bare.put.toFixed(1)} s at ${lanes.put} at once, ` +
        `${bare.update.toFixed(1)} s at ${lanes.update}); ${ratio.toFixed(2)} ×`,
    );
  }
  console.log(`median of ${rounds}: ${median(ratios).toFixed(2)} ×`);
} finally {
  client.destroy();
  await dynamo.stop();
  await rm(folder, { recursive: true });
}
