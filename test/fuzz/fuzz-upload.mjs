// npm run fuzz [-- --seconds 60 --seed 1 --once]: uploads damaged files without end; whatever the bytes are, the answer is
// one of the documented ones, the process lives, and nothing is written unless the report says so. `--once` runs the
// input of one seed and shows it.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import 'reflect-metadata';
import { createApp } from '../../dist/app.setup.js';
import { loadConfig } from '../../dist/config/load-config.js';
import { EmployeeStore } from '../../dist/storage/employee.store.js';
import { SurveyResponseStore } from '../../dist/storage/survey-response.store.js';
import { UploadQueue } from '../../dist/upload/upload-queue.js';
import { randomInput } from './inputs.mjs';
import { judgeRefusal, judgeReport } from './judge.mjs';
import { Random } from './random.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    once: { type: 'boolean', default: false },
  },
});

async function collect(pages) {
  const items = [];
  for await (const page of pages) items.push(...page);
  return items;
}

/** Sends one input and judges what comes of it. */
async function run(app, url, { bytes, fields }) {
  const form = new FormData();
  form.set('file', new Blob([bytes], { type: 'text/csv' }), 'fuzz.csv');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const [employees, responses] = [app.get(EmployeeStore), app.get(SurveyResponseStore)];
  const before = JSON.stringify(await collect(employees.scan()));
  const response = await fetch(`${url}/api/v1/upload`, { method: 'POST', body: form });
  const answer = await response.json();
  if (response.status !== 202) {
    judgeRefusal(response.status, answer);
    return 'refused';
  }
  await app.get(UploadQueue).idle();
  const report = await (await fetch(url + answer.status_url)).json();
  judgeReport(report, fields);
  const written = (await collect(responses.scan())).filter(({ uploadId }) => uploadId === answer.task_id);
  assert.equal(written.length, report.result.kind === 'survey' ? report.result.rows_written : 0);
  if (report.result.rows_written === 0 && report.result.kind !== 'employees')
    assert.equal(JSON.stringify(await collect(employees.scan())), before, 'employees changed');
  await responses.deleteMany(written.map(({ responseId }) => responseId));
  return report.status;
}

const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-fuzz-'));
const app = await createApp(
  loadConfig({
    DATA_DIR: folder,
    PORT: '0',
    LOG_LEVEL: 'silent',
    LOG_FORMAT: 'json',
    RISK_EVALUATE_EVERY: '0',
  }),
);
await app.listen(0, '127.0.0.1');
const url = `http://127.0.0.1:${app.getHttpServer().address().port}`;
const counts = { refused: 0, completed: 0, failed: 0 };
const end = Date.now() + Number(values.seconds) * 1_000;
let seed = Number(values.seed);
process.on('unhandledRejection', (error) => fail(error));

function fail(error) {
  console.error(`A finding with the seed ${seed}: npm run fuzz -- --once --seed ${seed}`);
  console.error(error);
  process.exit(1);
}

console.log(`The first seed is ${seed}`);
try {
  for (; Date.now() < end; seed += 1) {
    const input = randomInput(new Random(seed));
    if (values.once) console.log(JSON.stringify(input.bytes.toString('utf8')), input.fields);
    counts[await run(app, url, input)] += 1;
    if (values.once) break;
  }
} catch (error) {
  fail(error);
}
await app.close();
await rm(folder, { recursive: true, force: true });
const inputs = counts.refused + counts.completed + counts.failed;
console.log(`${inputs} inputs without a finding: ${JSON.stringify(counts)}`);
