import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../../../src/lib/clock.js';
import { loadConfig } from '../../../../src/config/load-config.js';
import { RiskEvaluator } from '../../../../src/alerting/risk-monitor/risk-evaluator.js';
import { openEmbeddedStorage } from '../../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../../src/storage/ports/storage.js';
import { startAlertLog, type AlertLogProcess } from '../../../support/app/alert-logs.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

const SIGNAL = new AbortController().signal;

/** One instance on a store that it shares. */
class Instance {
  private constructor(
    private readonly process: AlertLogProcess,
    readonly evaluator: RiskEvaluator,
  ) {}

  static async start({ alertLog, employees, departments }: Storage): Promise<Instance> {
    const clock = new Clock();
    const process = await startAlertLog(alertLog, clock);
    const config = loadConfig({});
    return new Instance(process, new RiskEvaluator(process.log, clock, employees, departments, config));
  }

  evaluate(id: string) {
    return this.evaluator.evaluateEmployees([id], SIGNAL);
  }

  async firing(): Promise<string[]> {
    await this.process.log.refresh();
    return this.process.log.active().map(({ entityId }) => entityId);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
let one: Instance;
let other: Instance;
beforeEach(async () => {
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
  one = await Instance.start(storage);
  other = await Instance.start(storage);
});
afterEach(async () => {
  await one.stop();
  await other.stop();
  await storage.close();
  await folder.remove();
});

async function measure(employeeId: string, stress: number): Promise<void> {
  await storage.employees.mutate([employeeId], () => ({
    employeeId,
    attributes: {},
    metrics: { dimensions: {}, rates: { stress_rate: stress } },
  }));
}

/** Has another instance write and evaluate once, after the next read of employees, and before it is acted on. */
function meanwhile(act: () => Promise<unknown>): void {
  const { employees } = storage;
  const read = employees.getMany.bind(employees);
  jest.spyOn(employees, 'getMany').mockImplementationOnce(async (ids) => {
    const found = await read(ids);
    await act();
    return found;
  });
}

describe('an evaluation that reads before another instance writes, and appends after it has evaluated', () => {
  it('leaves nothing firing that is over', async () => {
    await measure('E1', 90);
    meanwhile(async () => {
      await measure('E1', 10);
      expect(await other.evaluate('E1')).toEqual({ raised: 0, cleared: 0 });
    });
    await one.evaluate('E1');
    expect(await other.firing()).toEqual([]);
  });

  it('has what is true fire', async () => {
    await measure('E1', 90);
    await one.evaluate('E1');
    await measure('E1', 10);
    meanwhile(async () => {
      await measure('E1', 80);
      expect(await other.evaluate('E1')).toEqual({ raised: 0, cleared: 0 });
    });
    await one.evaluate('E1');
    expect(await other.firing()).toEqual(['E1']);
  });
});

describe('an evaluation of what a sync changed', () => {
  it('does not wait for one of everybody', async () => {
    await measure('E1', 90);
    const steps: string[] = [];
    const table = {
      getMany: (ids: readonly string[]) => storage.employees.getMany(ids),
      async *scan() {
        await one.evaluate('E1');
        steps.push('changed');
        yield* storage.employees.scan();
      },
    };
    await one.evaluator.evaluateTable(table, SIGNAL, {
      isDue: () => false,
      reached: () => Promise.resolve(),
    });
    expect(steps).toEqual(['changed']);
    expect(await other.firing()).toEqual(['E1']);
  });
});
