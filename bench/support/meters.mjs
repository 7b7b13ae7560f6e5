// What a server process says of itself.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

const loopDelay = monitorEventLoopDelay({ resolution: 1 });
let cpuBefore = process.cpuUsage();

/** Begins to measure: garbage of what was before is gone. */
export async function startMeters() {
  globalThis.gc();
  loopDelay.enable();
  loopDelay.reset();
  // It measures from one look to the next, so one must have been before whatever is to be measured.
  await delay(5);
  cpuBefore = process.cpuUsage();
}

/** Milliseconds of CPU, and of the longest wait for the event loop, since {@link startMeters}. */
export function readMeters() {
  const { user, system } = process.cpuUsage(cpuBefore);
  return { cpu: (user + system) / 1000, longestTurn: loopDelay.max / 1e6 };
}

/** Bytes resident, those of them that are no mapped file (Linux), and bytes of JavaScript, garbage collected. */
export async function readMemory() {
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc();
    await delay(20);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, anonymous: anonymousBytes() ?? rss, used: heapUsed + external };
}

function anonymousBytes() {
  if (process.platform !== 'linux') return undefined;
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}
