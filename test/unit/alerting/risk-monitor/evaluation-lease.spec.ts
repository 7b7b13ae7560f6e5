import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../../../src/lib/clock.js';
import { beginningOf, type PartProgress } from '../../../../src/domain/alerts/evaluation-pass.js';
import { InstanceRegistry } from '../../../../src/platform/cluster/instance-registry.js';
import type { Progress } from '../../../../src/alerting/risk-monitor/risk-evaluator.js';
import { EvaluationLease } from '../../../../src/alerting/risk-monitor/evaluation-lease.js';
import { openEmbeddedStorage } from '../../../../src/storage/embedded/embedded-storage.js';
import { SCAN_PARTS } from '../../../../src/storage/ports/entity.store.js';
import type { Storage } from '../../../../src/storage/ports/storage.js';
import { SettableClock } from '../../../support/app/settable-clock.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

const RESULT = { raised: 3, cleared: 1 };
const HALF: readonly PartProgress[] = [
  { isDone: true },
  { isDone: false, after: 'E5' },
  ...beginningOf(SCAN_PARTS - 2),
];

/** One instance, whose evaluation is what a test says. */
class Instance {
  readonly registry: InstanceRegistry;
  readonly shared: EvaluationLease;
  /** Where each evaluation began. */
  readonly began: (readonly PartProgress[])[] = [];
  evaluate: (keeper: Progress<readonly PartProgress[]>) => Promise<void> = () => Promise.resolve();

  constructor(storage: Storage, name: string, clock: Clock) {
    this.registry = new InstanceRegistry(storage.instances, clock, { id: name, host: `of ${name}`, pid: 1 });
    const evaluation = {
      run: async (
        _signal: AbortSignal,
        parts: readonly PartProgress[] = [],
        keeper?: Progress<readonly PartProgress[]>,
      ) => {
        this.began.push(parts);
        if (keeper) await this.evaluate(keeper);
        return RESULT;
      },
    };
    this.shared = new EvaluationLease(storage.evaluationPass, evaluation, this.registry, clock);
  }

  attempt(isFresh = false) {
    return this.shared.attempt(isFresh, new AbortController().signal);
  }
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
let clock: SettableClock;
let one: Instance;
let other: Instance;
beforeEach(async () => {
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
  clock = new SettableClock(0);
  [one, other] = [new Instance(storage, 'one', clock), new Instance(storage, 'other', clock)];
  for (const { registry } of [one, other]) await registry.onModuleInit();
});
afterEach(async () => {
  for (const { registry } of [one, other]) await registry.onApplicationShutdown();
  await storage.close();
  await folder.remove();
});

describe('the evaluation that instances share', () => {
  it('is made by one at a time, and by one for all', async () => {
    one.evaluate = async () => {
      expect([await other.attempt(), await other.attempt(true), await one.attempt()]).toEqual([
        'busy',
        'busy',
        'busy',
      ]);
    };
    expect(await one.attempt()).toEqual(RESULT);
    expect(await other.attempt()).toBe('done by another');
    expect(await other.attempt()).toEqual(RESULT);
    expect([await one.attempt(), await one.attempt(), await one.attempt()]).toEqual([
      'done by another',
      RESULT,
      RESULT,
    ]);
    expect(other.began).toHaveLength(1);
  });

  it('is made at a start whatever others did', async () => {
    expect(await one.attempt()).toEqual(RESULT);
    expect(await other.attempt(true)).toEqual(RESULT);
  });

  it('is gone on with after a failure, by whoever comes first', async () => {
    one.evaluate = async (keeper) => {
      expect(keeper.isDue()).toBe(false);
      clock.advance(10_000);
      expect(keeper.isDue()).toBe(true);
      await keeper.reached(HALF);
      expect(keeper.isDue()).toBe(false);
      throw new Error('the storage is away');
    };
    await expect(one.attempt()).rejects.toThrow('away');
    expect(await other.attempt()).toEqual(RESULT);
    expect(other.began).toEqual([HALF]);
    expect(await other.attempt()).toEqual(RESULT);
    expect(other.began[1]).toEqual(beginningOf(SCAN_PARTS));
  });

  it('is begun anew at a start, whatever is left of the one before', async () => {
    one.evaluate = async (keeper) => {
      await keeper.reached(HALF);
      throw new Error('the storage is away');
    };
    await expect(one.attempt()).rejects.toThrow('away');
    expect(await other.attempt(true)).toEqual(RESULT);
    expect(other.began).toEqual([beginningOf(SCAN_PARTS)]);
  });

  it('is taken over from an instance that is gone, which does no harm if it is not', async () => {
    one.evaluate = async (keeper) => {
      await keeper.reached(HALF);
      await one.registry.onApplicationShutdown();
      expect(await other.attempt()).toEqual(RESULT);
      await keeper.reached([{ isDone: true }]);
    };
    expect(await one.attempt()).toEqual(RESULT);
    expect(other.began).toEqual([HALF]);
    expect(await storage.evaluationPass.get()).toMatchObject({ holder: '', completed: 1, parts: [] });
  });
});
