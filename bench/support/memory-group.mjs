// A control group that keeps the processes in it within a limit of memory, the file pages that they touch included (Linux, root).
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/** Throws where control groups cannot be made. */
export function memoryGroup(megabytes) {
  const isFirstVersion = existsSync(join(ROOT, 'memory'));
  const folder = join(ROOT, isFirstVersion ? 'memory' : '', `pulsewatch-bench-${process.pid}`);
  const [limit, failures] = isFirstVersion
    ? ['memory.limit_in_bytes', () => /oom_kill (\d+)/.exec(read('memory.oom_control'))?.[1]]
    : ['memory.max', () => /oom_kill (\d+)/.exec(read('memory.events'))?.[1]];
  const read = (name) => readFileSync(join(folder, name), 'utf8');
  mkdirSync(folder);
  writeFileSync(join(folder, limit), String(megabytes * 1e6));
  return {
    add: (pid) => writeFileSync(join(folder, 'cgroup.procs'), String(pid)),
    /** How many processes were killed because they did not get by with it. */
    killed: () => Number(failures() ?? 0),
    remove: () => rmdirSync(folder),
  };
}
