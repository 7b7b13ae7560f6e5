// npm run bench:large [-- ROWS [MEGABYTES]]: what the import of a large file costs the server: memory, and how late its event
// loop gets. With MEGABYTES it has to get by with so much, its file cache included, as in a container (Linux, root).
import { openAsBlob } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryGroup } from './support/memory-group.mjs';
import { startServer } from './support/server.mjs';
import { writeSurvey } from './support/survey-file.mjs';
import { upload } from './support/upload.mjs';

const rows = Number(process.argv[2] ?? 1_000_000);
const limit = Number(process.argv[3] ?? 0);
/** Of the employees. */
const STRESSED = 0.05;
const folder = await mkdtemp(join(tmpdir(), 'pulsewatch-bench-'));
const file = join(folder, 'survey.csv');
const delayFile = join(folder, 'delays.json');
const more = {
  name: 'Ada Lovelace',
  position: 'Engineer',
  Comment: '"Meetings are many, and long; the canteen is good."',
};

/** What the server's event loop did since the last time it was asked. */
async function loopDelays({ pid }) {
  await rm(delayFile, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (;;) {
    try {
      return JSON.parse(await readFile(delayFile, 'utf8'));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      await delay(5);
    }
  }
}

function show(name, { p50, p99, longest }) {
  const figures = [p50, p99, longest].map((value) => `${value.toFixed(1)} ms`.padStart(9));
  console.log(`  event loop, ${name.padEnd(10)} p50${figures[0]}   p99${figures[1]}   longest${figures[2]}`);
}

try {
  await writeSurvey(file, rows, { more, stressed: STRESSED });
  console.log(
    `${rows.toLocaleString('en')} responses, ${((await stat(file)).size / 2 ** 20).toFixed(0)} MiB`,
  );
  const preloaded = [new URL('./support/loop-delay.mjs', import.meta.url).href];
  const server = await startServer(
    { DATA_DIR: join(folder, 'data'), UPLOAD_MAX_ROWS: String(rows), LOOP_DELAY_FILE: delayFile },
    preloaded,
  );
  const group = limit > 0 ? memoryGroup(limit) : undefined;
  group?.add(server.pid);
  await delay(1_000);
  const idle = await loopDelays(server);
  const idleMegabytes = server.peakMegabytes();

  const start = performance.now();
  let own = 0;
  const status = await upload(server.url, await openAsBlob(file, { type: 'text/csv' }), {
    everyMs: 200,
    looked: () => (own = Math.max(own, server.ownMegabytes())),
  });
  const taken = (performance.now() - start) / 1000;
  const busy = await loopDelays(server);

  console.log(`  ${status.message}`);
  console.log(`  ${taken.toFixed(0)} s, ${Math.round(rows / taken).toLocaleString('en')} rows/s`);
  console.log(
    `  resident ${server.peakMegabytes().toFixed(0)} MB at most (idle ${idleMegabytes.toFixed(0)} MB), of it its own ` +
      `${own.toFixed(0)} MB; the rest are pages of files, which the kernel takes back at need`,
  );
  if (group) console.log(`  got by with ${limit} MB; killed for want of memory: ${group.killed()}`);
  show('idle', idle);
  show('importing', busy);
  await server.stop();
  group?.remove();
} finally {
  await rm(folder, { recursive: true, force: true });
}
