import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { lastIdOf, type AlertLogStore } from '../../../src/storage/ports/alert-log.store.js';
import { openDynamoStorage } from '../../../src/storage/dynamodb/dynamodb-storage.js';
import { openEmbeddedStorage } from '../../../src/storage/embedded/embedded-storage.js';
import { StorageError } from '../../../src/storage/ports/storage-error.js';
import type { Storage } from '../../../src/storage/ports/storage.js';
import {
  append,
  clear,
  HOUR,
  raise,
  startAlertLog,
  type AlertLogProcess,
} from '../../support/app/alert-logs.js';
import { startDynamo, type TestDynamo } from '../../support/storage/dynamodb.js';
import { SettableClock } from '../../support/app/settable-clock.js';
import { dynamoConfig } from '../../support/storage/storage-dynamo.js';
import { logRecord } from '../../support/storage/storage-entities.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

const ORIGIN = 1_800_000_000_000;
let dynamo: TestDynamo;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  Logger.overrideLogger(false);
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const ADAPTERS: Record<string, () => Promise<Storage> | Storage> = {
  embedded: () => openEmbeddedStorage(folder.path),
  DynamoDB: () => openDynamoStorage(dynamoConfig(dynamo, dynamo.newPrefix())),
};

describe.each(Object.keys(ADAPTERS))('the alert log on %s', (adapter) => {
  let storage: Storage;
  let store: AlertLogStore;
  let clock: SettableClock;
  let processes: AlertLogProcess[];

  beforeEach(async () => {
    const open = ADAPTERS[adapter];
    if (!open) throw new Error('No such adapter');
    storage = await open();
    store = storage.alertLog;
    clock = new SettableClock(ORIGIN);
    processes = [];
  });
  afterEach(async () => {
    for (const process of processes) await process.stop();
    await storage.close();
  });

  const start = async (): Promise<AlertLogProcess> => {
    const process = await startAlertLog(store, clock);
    processes.push(process);
    return process;
  };
  const held = async (): Promise<number[]> => (await store.read(0, 1_000)).map(({ first }) => first - ORIGIN);
  const firing = ({ log }: AlertLogProcess): string[] => log.active().map(({ entityId }) => entityId);

  it('loses the records that are too old, keeps the others, and remembers what fires', async () => {
    const { log, retention } = await start();
    const first = await append(log, raise('A', clock.now()), raise('B', clock.now()));
    clock.advance(HOUR);
    await append(log, clear('B', first, clock.now()));
    clock.advance(HOUR);
    await append(log, raise('C', clock.now()));
    await retention.run();
    expect(await held()).toEqual([1, 3, 4]);
    expect(log.floor).toBe(log.origin);

    clock.advance(1);
    await retention.run();
    expect(await held()).toEqual([3, 4]);
    expect([log.origin, log.floor, log.head]).toEqual([ORIGIN, ORIGIN + 2, ORIGIN + 4]);

    const restarted = await start();
    expect(restarted.log.active()).toEqual(log.active());
    expect(firing(restarted)).toEqual(['A', 'C']);
    expect(restarted.log.floor).toBe(log.floor);
    expect(restarted.log.findById(ORIGIN + 1)).toMatchObject({ entityId: 'A' });
    expect(restarted.log.findById(ORIGIN + 2)).toBeUndefined();
  });

  it('keeps a record of which one event is young', async () => {
    const { log, retention } = await start();
    await append(log, raise('A', clock.now()), raise('B', clock.now() + HOUR));
    await append(log, raise('C', clock.now()));
    await append(log, raise('D', clock.now() + HOUR));
    clock.advance(2.5 * HOUR);
    await retention.run();
    expect(await held()).toEqual([1, 3, 4]);
    clock.advance(HOUR);
    await retention.run();
    expect(await held()).toEqual([4]);
  });

  it('keeps the newest record, however old it is, and goes on after it', async () => {
    const { log, retention } = await start();
    await retention.run();
    for (const name of ['A', 'B', 'C']) await append(log, raise(name, clock.now()));
    clock.advance(100 * HOUR);
    await retention.run();
    await retention.run();
    expect(await held()).toEqual([3]);
    const restarted = await start();
    await append(restarted.log, raise('D', clock.now()));
    expect(await held()).toEqual([3, 4]);
    expect(firing(restarted)).toEqual(['A', 'B', 'C', 'D']);
  });

  it('loses many batches of records in one run, and nothing once it is being stopped', async () => {
    const { log, retention } = await start();
    for (let n = 1; n <= 60; n += 1) await append(log, raise(`D${n}`, clock.now()));
    clock.advance(3 * HOUR);
    const stopping = await start();
    await stopping.retention.beforeApplicationShutdown();
    await stopping.retention.run();
    expect(await held()).toHaveLength(60);
    await retention.run();
    expect(await held()).toEqual([60]);
    expect(log.active()).toHaveLength(60);
  });

  it('loses nothing as long as no checkpoint can be kept', async () => {
    const process = await start();
    for (const name of ['A', 'B']) await append(process.log, raise(name, clock.now()));
    clock.advance(3 * HOUR);
    const failure = new StorageError('keep a checkpoint', new Error('The disk is full'));
    const saving = jest.spyOn(store, 'saveCheckpoint').mockRejectedValue(failure);
    await expect(process.retention.run()).rejects.toBe(failure);
    expect(await held()).toEqual([1, 2]);
    saving.mockRestore();
    await process.retention.run();
    expect(await held()).toEqual([2]);
    expect(firing(await start())).toEqual(['A', 'B']);
  });

  it('is right after a crash amid trimming, and trims the rest at the next start', async () => {
    const { log } = await start();
    const first = await append(log, raise('A', clock.now()));
    await append(log, raise('B', clock.now()));
    await append(log, clear('A', first, clock.now()));
    await append(log, raise('C', clock.now()));
    clock.advance(3 * HOUR);
    const trim = jest.spyOn(store, 'trim').mockImplementationOnce(async () => {
      trim.mockRestore();
      await store.trim(ORIGIN + 1);
      throw new Error('The process ends here');
    });
    await expect(log.trim(ORIGIN + 3)).rejects.toThrow('ends here');
    expect(await held()).toEqual([2, 3, 4]);
    const restarted = await start();
    expect(firing(restarted)).toEqual(['B', 'C']);
    await restarted.retention.run();
    expect(await held()).toEqual([4]);
    expect(firing(await start())).toEqual(['B', 'C']);
  });

  describe('followed by a process that slept while another one trimmed', () => {
    let awake: AlertLogProcess;
    let asleep: AlertLogProcess;

    beforeEach(async () => {
      awake = await start();
      const first = await append(awake.log, raise('A', clock.now()), raise('B', clock.now()));
      asleep = await start();
      await asleep.log.refresh();
      asleep.heard.length = 0;
      expect(firing(asleep)).toEqual(['A', 'B']);
      await append(awake.log, clear('B', first, clock.now()));
      await append(awake.log, raise('C', clock.now()));
      clock.advance(3 * HOUR);
    });

    it('has it end with what fires, and tells its listeners that events are missing', async () => {
      await awake.retention.run();
      expect(await held()).toEqual([4]);
      await asleep.log.refresh();
      expect(asleep.log.active()).toEqual(awake.log.active());
      expect(firing(asleep)).toEqual(['A', 'C']);
      expect(asleep.log.head).toBe(awake.log.head);
      expect(asleep.heard.flat().map(({ id }) => id - ORIGIN)).toEqual([4]);
      expect(asleep.log.floor).toBe(ORIGIN + 3);
    });

    it('has it go on with everything after the checkpoint', async () => {
      await awake.log.trim(ORIGIN + 3);
      const fourth = ORIGIN + 4;
      await append(awake.log, clear('C', fourth, clock.now()), raise('D', clock.now()));
      await append(awake.log, raise('E', clock.now()));
      await asleep.log.refresh();
      expect(firing(asleep)).toEqual(['A', 'D', 'E']);
      expect(asleep.log.active()).toEqual(awake.log.active());
      expect(asleep.heard.map((events) => events.map(({ id }) => id - ORIGIN))).toEqual([[4], [5, 6], [7]]);
    });

    it('does not let it take a place that was taken before', async () => {
      await awake.retention.run();
      const { head } = asleep.log;
      const late = await asleep.log.append([raise('Z', clock.now())], head);
      expect(late).toEqual({ appended: [], complete: false });
      expect(await held()).toEqual([4]);
      await asleep.log.refresh();
      expect(await asleep.log.append([raise('Z', clock.now())], asleep.log.head)).toMatchObject({
        complete: true,
      });
      expect(await held()).toEqual([4, 5]);
    });

    it('lets it learn where the log begins by a look of its own', async () => {
      await append(awake.log, raise('D', clock.now()));
      await asleep.log.refresh();
      await awake.retention.run();
      expect(asleep.log.floor).toBe(ORIGIN);
      await asleep.retention.run();
      expect(asleep.log.floor).toBe(ORIGIN + 4);
    });

    it('never passes a loss off as an empty log', async () => {
      await store.trim(ORIGIN + 3);
      await expect(asleep.log.refresh()).rejects.toBeInstanceOf(StorageError);
      expect(firing(asleep)).toEqual(['A', 'B']);
    });
  });

  it('is not appended to by a process whose last look is a minute old', async () => {
    const { log } = await start();
    for (const name of ['A', 'B']) {
      clock.advance(60_000);
      expect(await log.append([raise(name, clock.now())], log.head)).toMatchObject({ complete: true });
    }
    clock.advance(60_001);
    expect(await log.append([raise('C', clock.now())], log.head)).toEqual({ appended: [], complete: false });
    await log.refresh();
    expect(await log.append([raise('C', clock.now())], log.head)).toMatchObject({ complete: true });
    expect(await held()).toEqual([1, 2, 3]);
  });

  it('is written down at a start that read much of it', async () => {
    await store.origin(ORIGIN);
    for (let n = 0; n < 10; n += 1) await store.append(logRecord(ORIGIN + 1 + n * 1_000, 1_000));
    const { log, stop } = await start();
    await stop();
    const [newest] = await store.readBackwards(Number.MAX_SAFE_INTEGER, 1);
    expect(newest && lastIdOf(newest)).toBe(log.head);
    expect(await store.loadCheckpoint()).toEqual({ head: log.head, active: log.active() });
  });

  it('is written down now and then, however many alerts fire and none clears', async () => {
    for (const events of [10_000, 20_000]) {
      const process = await startAlertLog(store, clock);
      const many = Array.from({ length: 10_000 }, (_, n) => raise(`${events}-${n}`, clock.now()));
      await append(process.log, ...many);
      await process.stop();
      const checkpoint = await store.loadCheckpoint();
      expect(checkpoint?.head).toBe(ORIGIN + events);
      expect(checkpoint?.active).toEqual(process.log.active());
    }
  });
});
