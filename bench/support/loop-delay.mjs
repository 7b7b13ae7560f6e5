// Preloaded into a server: writes how late its event loop was, as JSON, to the file LOOP_DELAY_FILE, whenever it gets SIGUSR2.
import { writeFileSync, renameSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();

process.on('SIGUSR2', () => {
  const milliseconds = (nanoseconds) => nanoseconds / 1e6;
  const file = process.env.LOOP_DELAY_FILE;
  writeFileSync(
    `${file}.part`,
    JSON.stringify({
      p50: milliseconds(delays.percentile(50)),
      p99: milliseconds(delays.percentile(99)),
      longest: milliseconds(delays.max),
    }),
  );
  renameSync(`${file}.part`, file);
  delays.reset();
});
