// npm run bench [-- ROWS]: how fast an import is, stage by stage, beside the bare library doing the same in this run.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { openAsBlob } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { open } from 'lmdb';
import Papa from 'papaparse';
import { mapHeader } from '../dist/domain/csv/header.js';
import { surveyReader } from '../dist/domain/csv/survey-reader.js';
import { DEFAULT_INSTRUMENT } from '../dist/domain/surveys/questionnaire.js';
import { score } from '../dist/domain/surveys/scoring.js';
import { openEmbeddedStorage } from '../dist/storage/embedded/embedded-storage.js';
import { readCsv } from '../dist/ingest/csv/csv-reader.js';
import { ValidationReport } from '../dist/ingest/csv/validation-report.js';
import { Findings } from '../dist/ingest/csv/findings.js';
import { acceptedRows, validateRows } from '../dist/ingest/csv/row-passes.js';
import { startServer } from './support/server.mjs';
import { writeSurvey } from './support/survey-file.mjs';
import { upload } from './support/upload.mjs';

const rows = Number(process.argv[2] ?? 100_000);
const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-bench-'));
const file = join(folder, 'survey.csv');

async function seconds(work) {
  globalThis.gc?.();
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function report(stage, taken, baseline, name) {
  const rate = Math.round(rows / taken).toLocaleString('en');
  const ratio = baseline ? `   ${(taken / baseline).toFixed(2)} x the time of ${name}` : '';
  console.log(`${stage.padEnd(18)} ${taken.toFixed(2).padStart(7)} s ${rate.padStart(12)} rows/s${ratio}`);
}

async function benchParse() {
  const bare = await seconds(async () =>
    Papa.parse(await readFile(file, 'utf8'), { delimiter: ',', newline: '\n' }),
  );
  const ours = await seconds(async () => {
    for await (const records of readCsv(file)) void records;
  });
  report('parse', ours, bare, 'papaparse on the whole text');
}

async function makeReader() {
  for await (const [header] of readCsv(file)) {
    const { map } = mapHeader('survey', header.cells, DEFAULT_INSTRUMENT.requiredQuestions);
    const options = {
      instrument: DEFAULT_INSTRUMENT,
      dateFormat: 'ISO',
      maxCellCharacters: 2000,
      now: Date.now(),
    };
    return surveyReader(map, options);
  }
}

async function benchValidate() {
  const reader = await makeReader();
  const parse = await seconds(async () => {
    for await (const records of readCsv(file)) void records;
  });
  const rules = { reader, idOf: (row) => row.responseId, conflict: () => [] };
  // The samples have no error, so nothing is kept.
  const inspection = new ValidationReport(new Findings(undefined, 'bench'));
  let verdicts;
  const validate = await seconds(async () => {
    verdicts = await validateRows({ path: file }, rules, { maxRows: rows }, inspection);
  });
  const responses = [];
  for await (const batch of acceptedRows({ path: file }, reader, verdicts.skipped, 1000))
    responses.push(...batch);
  const scored = await seconds(() => responses.forEach((row) => score(row.answers, DEFAULT_INSTRUMENT)));
  report('validate + score', validate - parse + scored, parse, 'parsing');
  return responses.map((row) => ({
    ...row,
    answers: { ...row.answers },
    metrics: score(row.answers, DEFAULT_INSTRUMENT),
    uploadId: 'u',
  }));
}

async function benchStore(responses) {
  const bare = open({ path: join(folder, 'bare.mdb') });
  const baseline = await seconds(async () => {
    for (let at = 0; at < responses.length; at += 500) {
      await bare.transaction(() =>
        responses.slice(at, at + 500).forEach((item) => bare.putSync(item.responseId, item)),
      );
    }
  });
  await bare.close();
  const storage = openEmbeddedStorage(join(folder, 'store'));
  const ours = await seconds(async () => {
    for (let at = 0; at < responses.length; at += 1000)
      await storage.responses.putMany(responses.slice(at, at + 1000));
  });
  await storage.close();
  report('store', ours, baseline, 'bare LMDB transactions of 500');
}

/** Asks /health/live again and again; answers the slowest answer in milliseconds. */
function watchHealth(url, signal) {
  const watch = async () => {
    let slowest = 0;
    while (!signal.aborted) {
      const start = performance.now();
      await (await fetch(`${url}/health/live`)).arrayBuffer();
      slowest = Math.max(slowest, performance.now() - start);
      await delay(5);
    }
    return slowest;
  };
  return watch();
}

async function benchWhole() {
  const server = await startServer({ DATA_DIR: join(folder, 'whole'), UPLOAD_MAX_ROWS: String(rows) });
  const stop = new AbortController();
  await fetch(`${server.url}/health/live`);
  const slowest = watchHealth(server.url, stop.signal);
  let status;
  const taken = await seconds(async () => {
    status = await upload(server.url, await openAsBlob(file, { type: 'text/csv' }));
  });
  stop.abort();
  report('the whole, by HTTP', taken);
  console.log(`  ${status.message}`);
  console.log(
    `  peak memory ${server.peakMegabytes().toFixed(0)} MB, slowest /health/live ${(await slowest).toFixed(0)} ms`,
  );
  await server.stop();
}

try {
  await writeSurvey(file, rows);
  console.log(
    `${rows.toLocaleString('en')} responses, ${((await stat(file)).size / 2 ** 20).toFixed(1)} MiB`,
  );
  await benchParse();
  await benchStore(await benchValidate());
  await benchWhole();
} finally {
  await rm(folder, { recursive: true, force: true });
}
