// npm run fuzz [-- --seconds 60 --seed 1 --once]: uploads damaged files without end; whatever the bytes are, the answer is
// one of the documented ones, the process lives, and nothing is written unless the report says so. `--once` runs the
// input of one seed, on empty tables, and shows it.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import 'reflect-metadata';
import { createApp } from '../../dist/app.setup.js';
import { loadConfig } from '../../dist/config/load-config.js';
import { UploadQueue } from '../../dist/ingest/upload/upload-queue.js';
import { Company, judgeDepartments, judgeUntouched, judgeWritten } from './company.mjs';
import { randomInput } from './inputs.mjs';
import { judgeAlerts, judgeErrorFile, judgeRefusal, judgeReport, writesNothing } from './judge.mjs';
import { Random } from './random.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    once: { type: 'boolean', default: false },
  },
});
/** What takes longer hangs. */
const PATIENCE_MS = 30_000;

const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-fuzz-'));
const app = await createApp(
  loadConfig({
    DATA_DIR: folder,
    PORT: '0',
    LOG_LEVEL: 'silent',
    LOG_FORMAT: 'json',
    RISK_EVALUATE_EVERY: '0',
    // Within reach of the inputs.
    UPLOAD_MAX_ROWS: '1500',
    UPLOAD_MAX_COLUMNS: '40',
    UPLOAD_MAX_RECORD: '20000',
    UPLOAD_MAX_BYTES: '256K',
  }),
);
await app.listen(0, '127.0.0.1');
const url = `http://127.0.0.1:${app.getHttpServer().address().port}`;
const company = new Company(app, folder);
const outcomes = {};
let seed = Number(values.seed);
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);

function fail(error) {
  console.error(`A finding at the seed ${seed}. The first one was ${values.seed}; on empty tables:`);
  console.error(`npm run fuzz -- --once --seed ${seed}`);
  console.error(error);
  process.exit(1);
}

async function get(path) {
  const response = await fetch(url + path, { signal: AbortSignal.timeout(PATIENCE_MS) });
  assert.equal(response.status, 200, path);
  return response;
}

/** Sends one input, judges everything that comes of it, and answers the code of the outcome. */
async function run({ bytes, name, type, fields }) {
  const form = new FormData();
  form.set('file', new Blob([bytes], { type }), name);
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  const before = await company.look();
  const { position } = await (await get('/api/v1/alerts/active?limit=1')).json();
  const body = { method: 'POST', body: form, signal: AbortSignal.timeout(PATIENCE_MS) };
  const response = await fetch(`${url}/api/v1/upload`, body);
  const answer = await response.json();
  await app.get(UploadQueue).idle();
  const after = await company.look();
  assert.deepEqual(await company.files(), { spooled: [], all: files });
  const alerts = await (await get(`/api/v1/alerts?after=${position}&limit=500`)).json();
  if (response.status !== 202) {
    judgeRefusal(response.status, answer);
    judgeUntouched(before, after);
    assert.deepEqual([after.newestUpload, alerts.items], [before.newestUpload, []]);
    return answer.code;
  }
  const report = await (await get(answer.status_url)).json();
  judgeReport(report, fields);
  judgeErrorFile(await (await get(report.result.errors_url)).text(), report);
  judgeAlerts(alerts, report);
  if (writesNothing({ status: report.status, fields })) judgeUntouched(before, after);
  else judgeWritten(report, before, after);
  judgeDepartments(after);
  await company.forget([...after.responses.keys()]);
  return report.code ?? (report.result.rows_rejected > 0 ? 'partly written' : 'written');
}

console.log(`The first seed is ${seed}`);
const { all: files } = await company.files();
const end = Date.now() + Number(values.seconds) * 1_000;
try {
  for (; Date.now() < end; seed += 1) {
    const input = randomInput(new Random(seed));
    if (values.once) console.log(input, JSON.stringify(input.bytes.toString('utf8')));
    const outcome = await run(input);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (values.once) break;
  }
} catch (error) {
  fail(error);
}
await app.close();
await rm(folder, { recursive: true, force: true });
const inputs = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
console.log(`${inputs} inputs without a finding: ${JSON.stringify(outcomes)}`);
