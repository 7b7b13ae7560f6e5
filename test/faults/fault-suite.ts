import { describe, expect, it } from '@jest/globals';
import type { Install } from '../support/storage/storages.js';
import { runSeed } from './run-seed.js';
import type { Size } from './scenario.js';

/** The run itself notices when it hangs, and says where. */
const NEVER_MS = 24 * 3_600_000;

/**
 * Runs seeds on one kind of storage: one, or those that `npm run test:faults` names. It reads a line about each from
 * the output.
 */
export function faultSuite(storage: string, size: Size, install: Install): void {
  const named = process.env.PULSEWATCH_TEST_SEEDS;
  const seeds = named === undefined ? [1] : named.split(',').map(Number);

  describe(`kills, restarts and clients that come and go, on ${storage}`, () => {
    it.each(seeds)(
      'seed %d ends as the oracle computes',
      async (seed) => {
        const installation = await install();
        const report = await runSeed(seed, size, installation);
        await installation.remove();
        if (named !== undefined) process.stdout.write(`\n@seed ${JSON.stringify(report)}\n`);
        const { problems, schedule, log, events } = report;
        expect(problems.length === 0 ? [] : { problems, schedule, log }).toEqual([]);
        // Among many seeds there are some whose company has nothing to be alarmed at.
        if (named === undefined) expect(events).toBeGreaterThan(0);
      },
      NEVER_MS,
    );
  });
}
