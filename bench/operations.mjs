// npm run bench:operations [-- FEW [MANY]]: what an upload of 10 rows reads and writes, where there are few employees and
// where there are many, on both storages. Fails where the one is not the other within 10 %.
import 'reflect-metadata';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const [few, many] = [Number(process.argv[2] ?? 1_000), Number(process.argv[3] ?? 1_000_000)];
const TOLERANCE = 0.1;

/** In a process of its own: what is counted, and the memory that an emulator takes. */
async function measured(driver, employees) {
  const script = fileURLToPath(new URL('./support/counted-uploads.mjs', import.meta.url));
  const child = fork(script, [driver, String(employees)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [answer] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The server ended with ${code}`))),
  ]);
  await once(child, 'exit');
  return answer;
}

let isInProportion = true;
for (const driver of ['embedded', 'dynamodb']) {
  const [small, large] = [await measured(driver, few), await measured(driver, many)];
  console.log(`${driver}, an upload of 10 rows, the least of ${small.rounds}:`);
  for (const what of ['reads', 'writes', ...(driver === 'dynamodb' ? ['calls'] : [])]) {
    const ratio = large[what] / small[what];
    if (Math.abs(ratio - 1) > TOLERANCE) isInProportion = false;
    const figures = [few, many].map((count, index) => {
      const { [what]: counted } = [small, large][index];
      return `${String(counted).padStart(5)} of ${count.toLocaleString('en')} employees`;
    });
    console.log(`  ${what.padEnd(6)} ${figures.join('  ')}   ${ratio.toFixed(2)} ×`);
  }
}
if (!isInProportion) process.exitCode = 1;
