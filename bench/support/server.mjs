// Starts the built server on a free port and stops it again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** `preloaded` modules run in the server before it. */
export async function startServer(variables, preloaded = []) {
  const imports = preloaded.flatMap((module) => ['--import', module]);
  const child = spawn(process.execPath, [...imports, MAIN], {
    env: { PATH: process.env.PATH, PORT: '0', LOG_FORMAT: 'json', LOG_LEVEL: 'info', ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let url;
  for await (const line of createInterface({ input: child.stdout })) {
    const authority = /WebSocket\s+ws:\/\/([^/"]+)/.exec(line)?.[1];
    if (authority) url = `http://${authority}`;
    if (url) break;
  }
  if (!url) throw new Error('the server did not start');
  child.stdout.resume();
  return {
    url,
    pid: child.pid,
    /** Peak resident memory so far, in MB (Linux). */
    peakMegabytes: () => statusOf(child.pid, 'VmHWM'),
    /** Resident memory of its own now, in MB (Linux): without the pages of files, which the kernel takes back at need. */
    ownMegabytes: () => statusOf(child.pid, 'RssAnon'),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function statusOf(pid, field) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) * 1024) / 1e6;
}
