import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { loadConfig } from '../../../../src/config/load-config.js';
import { ChangePoller } from '../../../../src/ingest/change-stream/change-poller.js';
import { Degradations } from '../../../../src/platform/observability/degradations.js';
import { openEmbeddedStorage } from '../../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../../src/storage/ports/storage.js';
import { EditsHarness } from '../../../support/app/edits-harness.js';
import { employeeChange, ScriptedChanges } from '../../../support/storage/scripted-changes.js';
import { SettableClock } from '../../../support/app/settable-clock.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

/** The longest pause after a first failure; it is doubled each time. */
const FIRST_PAUSE_MS = 1_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
let changes: ScriptedChanges;
let clock: SettableClock;
let room: EditsHarness;
let degradations: Degradations;
let edits: ChangePoller;
let said: string[];

beforeEach(async () => {
  said = [];
  const say = (level: string) => (first: unknown, second?: unknown) => {
    said.push(`${level} ${String(typeof second === 'string' && second.length > 30 ? second : first)}`);
  };
  const quiet = () => undefined;
  Logger.overrideLogger({
    log: say('log'),
    error: say('error'),
    warn: say('warn'),
    debug: quiet,
    verbose: quiet,
  });
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
  changes = new ScriptedChanges();
  clock = new SettableClock(0);
  room = new EditsHarness(storage, changes, clock);
  degradations = new Degradations();
  const config = loadConfig({ STORAGE: 'dynamodb', AWS_REGION: 'eu-west-1' });
  edits = new ChangePoller(room.follower, clock, config, degradations);
});
afterEach(async () => {
  Logger.overrideLogger(false);
  await storage.close();
  await folder.remove();
  jest.restoreAllMocks();
});

describe('looking for edits', () => {
  it('is degraded by an outage, waits longer and longer, says it once, and goes on', async () => {
    const turns = jest.spyOn(room.follower, 'turn');
    changes.tell(employeeChange('E1', 'other', { stress: 90 }));
    for (let outage = 1; outage <= 3; outage += 1) {
      changes.failure = new Error('away');
      await edits.look();
      expect(turns).toHaveBeenCalledTimes(outage);
      expect(degradations.current).toEqual(['streams']);
      // At least half of it is always waited for.
      clock.advance((2 ** (outage - 1) * FIRST_PAUSE_MS) / 2 - 1);
      await edits.look();
      expect(turns).toHaveBeenCalledTimes(outage);
      clock.advance(2 ** (outage - 1) * FIRST_PAUSE_MS);
    }
    expect(room.asked).toEqual([]);
    await edits.look();
    expect(degradations.current).toEqual([]);
    expect(room.asked).toHaveLength(2);
    expect(said.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(said.at(-1)).toBe('log The change stream is read again');
  });

  it('asks now and then where nobody tells of edits: that is said once, and is no outage', async () => {
    changes.reason = 'there is no stream';
    const turns = jest.spyOn(room.follower, 'turn');
    await edits.look();
    await edits.look();
    expect(turns).toHaveBeenCalledTimes(1);
    clock.advance(60_000);
    await edits.look();
    expect(turns).toHaveBeenCalledTimes(2);
    expect(said).toEqual([
      'log Edits of other tools are evaluated by full evaluations only: there is no stream',
    ]);
    expect(degradations.current).toEqual([]);

    changes.reason = undefined;
    changes.tell(employeeChange('E1', 'other', { stress: 90 }));
    clock.advance(60_000);
    await edits.look();
    expect(room.asked).toHaveLength(2);
  });

  it('gives its place back when the server stops', async () => {
    await room.registry.onModuleInit();
    await edits.look();
    expect((await storage.streamPosition.get())?.holder).toBe('one');
    await edits.beforeApplicationShutdown();
    expect((await storage.streamPosition.get())?.holder).toBe('');
    await room.registry.onApplicationShutdown();
  });
});
