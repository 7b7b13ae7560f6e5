import { expect, it } from '@jest/globals';
import { needing } from '../support/needs.js';
import { LONG, SHORT } from './fleet-plan.js';
import { runFleet } from './run-fleet.js';

/** `npm run test:fleet` names seeds, reads a line about each from the output, and says how large a run is to be. */
const named = process.env.PULSEWATCH_TEST_SEEDS;
const seeds = named === undefined ? [1] : named.split(',').map(Number);
const size = process.env.PULSEWATCH_TEST_FLEET === 'long' ? LONG : SHORT;
/** A run in which nothing happens for so long hangs, on the slowest machine too. */
const STALL_MS = 100_000;
const NEVER_MS = 24 * 3_600_000;

needing('redis-server', 'nginx').describe('three instances behind nginx, with clients that resume', () => {
  it.each(seeds)(
    'lose nothing and tell nothing twice while instances and Redis come and go, with seed %d',
    async (seed) => {
      const report = await runFleet(seed, size, STALL_MS);
      if (named !== undefined) process.stdout.write(`\n@seed ${JSON.stringify(report)}\n`);
      const { problems, schedule, folder, events, latencies } = report;
      expect(problems.length === 0 ? [] : { problems, schedule, folder }).toEqual([]);
      expect(events).toBeGreaterThan(0);
      expect(latencies?.up.count).toBeGreaterThan(0);
    },
    NEVER_MS,
  );
});
