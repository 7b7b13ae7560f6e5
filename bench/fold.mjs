// npm run bench:fold [-- ALERTS]: how long a start takes until the process knows what fires, in a process of its own,
// with as long a tail after the checkpoint as the policy allows; beside the bare JSON.parse of the same bytes.
import 'reflect-metadata';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { open } from 'lmdb';
import { checkpointEvery } from '../dist/alerting/log/checkpoints.js';
import { AlertLog, packRecords } from '../dist/alerting/log/alert-log.js';
import { Clock } from '../dist/lib/clock.js';
import { loadConfig } from '../dist/config/load-config.js';
import { Metrics } from '../dist/platform/observability/metrics.js';
import { openEmbeddedStorage } from '../dist/storage/embedded/embedded-storage.js';

const ORIGIN = 1_800_000_000_000;
/** Decisions appended at once by a large evaluation, and by a small one. */
const GROUPS = [2_000, 20];

const at = (n) => ORIGIN + n * 1_000;

function raise(n) {
  const employee_id = `E${String(n).padStart(8, '0')}`;
  const department = `Department ${n % 11}`;
  const data = {
    employee_id,
    employee_name: `Employee Number ${n}`,
    department,
    position: 'Senior Account Manager',
    stress_rate: 40.1 + (n % 599) / 10,
    engagement_rate: 25,
    attrition_rate: 62.5,
  };
  return {
    kind: 'raised',
    alert: 'employee_stress',
    entityId: employee_id,
    department,
    at: at(n),
    threshold: 40,
    data,
  };
}

const clear = ({ id, entityId, department, alert }, n) => ({
  kind: 'cleared',
  alert,
  entityId,
  department,
  at: at(n),
  raisedId: id,
  reason: 'recovered',
  value: 12.5,
});

/** Alerts in a checkpoint; after it, all but one of the events that make the next one due: one recovers, one is new. */
async function build(folder, alerts) {
  const storage = openEmbeddedStorage(folder);
  const log = storage.alertLog;
  await log.origin(ORIGIN);
  const active = Array.from({ length: alerts }, (_, n) => ({ ...raise(n), id: ORIGIN + 1 + n }));
  let head = ORIGIN + alerts;
  await log.saveCheckpoint({ head, active });
  const tail = Array.from({ length: checkpointEvery(alerts) - 1 }, (_, n) =>
    n % 2 === 0 ? clear(active[n], alerts + n) : raise(alerts + n),
  );
  let records = 0;
  for (let start = 0, turn = 0; start < tail.length; turn += 1) {
    // As many large evaluations as small ones, as when files come in among the edits of single people.
    const group = tail.slice(start, start + GROUPS[turn % GROUPS.length]);
    for (const record of packRecords(group, head + 1)) {
      await log.append(record);
      records += 1;
    }
    head += group.length;
    start += group.length;
  }
  await storage.close();
  return { events: tail.length, records };
}

/** In a process of its own: the start of the log as the server does it. */
async function measureStart(folder) {
  const storage = openEmbeddedStorage(folder);
  const store = storage.alertLog;
  let checkpointEnd;
  const read = store.read.bind(store);
  store.read = (after, limit) => {
    checkpointEnd ??= performance.now();
    return read(after, limit);
  };
  const log = new AlertLog(store, new Clock(), new Metrics(), loadConfig({ ALERT_POLL_INTERVAL: '1h' }));
  const start = performance.now();
  await log.onModuleInit();
  const end = performance.now();
  process.send({
    checkpoint: (checkpointEnd - start) / 1_000,
    tail: (end - checkpointEnd) / 1_000,
    total: (end - start) / 1_000,
    firing: log.active().length,
  });
}

/** In a process of its own: what no way of reading the same JSON texts can do without. */
function measureBaseline(folder) {
  const root = open({ path: join(folder, 'pulsewatch.mdb'), maxDbs: 32, readOnly: true });
  const texts = ['checkpoint_parts', 'alert_log'].flatMap((name) =>
    Array.from(root.openDB({ name, encoding: 'string' }).getRange({}), ({ value }) => value),
  );
  const start = performance.now();
  const parsed = texts.map((text) => JSON.parse(text));
  const total = (performance.now() - start) / 1_000;
  process.send({ total, parsed: parsed.length, bytes: texts.reduce((sum, text) => sum + text.length, 0) });
}

async function inOwnProcess(what, folder) {
  const child = fork(fileURLToPath(import.meta.url), [what, folder]);
  const [answer] = await once(child, 'message');
  child.kill();
  await once(child, 'close');
  return answer;
}

const [what = '100000', folder] = process.argv.slice(2);
if (what === 'start') await measureStart(folder);
else if (what === 'baseline') measureBaseline(folder);
else {
  const own = await mkdtemp(join(tmpdir(), 'pulsewatch-bench-'));
  try {
    const { events, records } = await build(own, Number(what));
    const start = await inOwnProcess('start', own);
    const baseline = await inOwnProcess('baseline', own);
    const seconds = (value) => `${value.toFixed(2)} s`;
    console.log(
      `${Number(what).toLocaleString('en')} alerts in the checkpoint, ${events.toLocaleString('en')} events in ${records} records after it, ${(baseline.bytes / 2 ** 20).toFixed(1)} MiB of JSON`,
    );
    console.log(`checkpoint  ${seconds(start.checkpoint)}`);
    console.log(`tail        ${seconds(start.tail)}`);
    console.log(
      `total       ${seconds(start.total)}   ${(start.total / baseline.total).toFixed(2)} x the ${seconds(baseline.total)} of JSON.parse on the same bytes`,
    );
    console.log(`${start.firing.toLocaleString('en')} alerts fire`);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
