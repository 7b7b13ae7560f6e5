import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openEmbeddedStorage } from '../../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../../src/storage/ports/storage.js';
import type { SyncEntry } from '../../../../src/storage/ports/sync-journal.store.js';
import { ChangesUnavailable } from '../../../../src/storage/ports/change-stream.js';
import { EditsHarness } from '../../../support/app/edits-harness.js';
import {
  departmentChange,
  employeeChange,
  ScriptedChanges,
} from '../../../support/storage/scripted-changes.js';
import { SettableClock } from '../../../support/app/settable-clock.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

const NONE = { employees: [], departments: [], divisions: [] };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
let changes: ScriptedChanges;
let clock: SettableClock;
let room: EditsHarness;
const rooms: EditsHarness[] = [];

async function start(name: string): Promise<EditsHarness> {
  const started = new EditsHarness(storage, changes, clock, name);
  rooms.push(started);
  await started.registry.onModuleInit();
  return started;
}

beforeEach(async () => {
  Logger.overrideLogger(false);
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
  changes = new ScriptedChanges();
  clock = new SettableClock(0);
  room = await start('one');
});
afterEach(async () => {
  for (const { registry } of rooms.splice(0)) await registry.onApplicationShutdown();
  await storage.close();
  await folder.remove();
});

const position = async () => (await storage.streamPosition.get())?.position;
const stressed = (id: string, origin: 'own' | 'other' | 'unclear' = 'other') =>
  employeeChange(id, origin, { stress: 90 });
const sync = (syncId: string): SyncEntry => ({ syncId, instance: 'another', repair: 'roll_up' });

describe('who follows the edits of other tools', () => {
  it('has what was edited evaluated, then its departments rolled up, and keeps how far it is', async () => {
    changes.tell(
      stressed('E1'),
      departmentChange('D1', 'other'),
      employeeChange('E2', 'other', { division: 'Legal' }),
    );
    expect(await room.turn()).toEqual([
      { ...NONE, employees: ['E1'], departments: ['D1'] },
      { ...NONE, divisions: ['Sales', 'Legal'] },
    ]);
    expect(await position()).toBe('1');
    expect(await room.turn()).toEqual([]);
  });

  it('asks for nothing because of what is ours, or decides nothing', async () => {
    changes.tell(stressed('E1', 'own'), departmentChange('D1', 'own'), employeeChange('E2', 'other', {}));
    expect(await room.turn()).toEqual([]);
    expect(await position()).toBe('1');
  });

  it('writes down its place now and then while it only sees what is ours', async () => {
    for (const expected of ['1', '1', '1', '4']) {
      changes.tell(stressed('E1', 'own'));
      if (expected === '4') clock.advance(10_000);
      await room.turn();
      expect(await position()).toBe(expected);
    }
  });

  it('has departments, and what may be a sync of ours, wait for the syncs that are under way, and for no others', async () => {
    await storage.syncJournal.begin(sync('long'));
    changes.tell(stressed('E1'), stressed('E2', 'unclear'));
    expect(await room.turn()).toEqual([{ ...NONE, employees: ['E1'] }]);
    await storage.syncJournal.begin(sync('later'));
    expect(await room.turn()).toEqual([]);
    expect(await position()).toBeUndefined();
    await storage.syncJournal.end(sync('long'));
    expect(await room.turn()).toEqual([{ ...NONE, employees: ['E2'], divisions: ['Sales'] }]);
    expect(await position()).toBe('1');
  });

  it('goes on telling what was edited while something waits', async () => {
    await storage.syncJournal.begin(sync('long'));
    changes.tell(stressed('E1', 'unclear'));
    await room.turn();
    changes.tell(stressed('E2'));
    expect(await room.turn()).toEqual([{ ...NONE, employees: ['E2'] }]);
    await storage.syncJournal.end(sync('long'));
    expect(await room.turn()).toEqual([{ ...NONE, employees: ['E1'], divisions: ['Sales'] }]);
    expect(await position()).toBe('2');
  });

  it('does again what failed, from its kept place on, and loses nothing', async () => {
    changes.tell(stressed('E1'));
    await room.turn();
    changes.tell(stressed('E2'));
    changes.tell(stressed('E3'));
    room.listener = () => Promise.reject(new Error('the table does not answer'));
    await expect(room.turn()).rejects.toThrow('1 listener(s)');
    expect(await position()).toBe('1');
    room.listener = () => Promise.resolve();
    expect((await room.turn()).flatMap((asked) => (asked === 'all' ? [] : asked.employees))).toEqual([
      'E2',
      'E3',
    ]);
    expect(await position()).toBe('3');
  });

  it('does the same after an outage of the streams, and while it is at something that waits', async () => {
    await storage.syncJournal.begin(sync('long'));
    changes.tell(stressed('E1', 'unclear'));
    await room.turn();
    changes.failure = new Error('away');
    await expect(room.turn()).rejects.toThrow('away');
    await storage.syncJournal.end(sync('long'));
    expect(await room.turn()).toEqual([{ ...NONE, employees: ['E1'], divisions: ['Sales'] }]);
  });

  it('has everything evaluated where changes were lost', async () => {
    changes.lose();
    changes.tell(stressed('E1'));
    expect(await room.turn()).toEqual([
      'all',
      { ...NONE, employees: ['E1'] },
      { ...NONE, divisions: ['Sales'] },
    ]);
  });

  it('rests five times as long as the sums took, and rolls up once for all edits of that time', async () => {
    room.listener = () => {
      clock.advance(1_000);
      return Promise.resolve();
    };
    changes.tell(employeeChange('E1', 'other', { division: 'Legal' }));
    await room.turn();
    room.listener = () => Promise.resolve();
    for (const division of ['Ops', 'Research']) {
      clock.advance(2_000);
      changes.tell(employeeChange('E1', 'other', { division }));
      expect(await room.turn()).toEqual([]);
    }
    clock.advance(1_000);
    expect(await room.turn()).toEqual([{ ...NONE, divisions: ['Sales', 'Ops', 'Research'] }]);
  });

  it('tells by whom changes are, and how old the newest is', async () => {
    clock.advance(5_000);
    changes.tell({ ...stressed('E1'), at: 2_000 }, { ...stressed('E2', 'own'), at: 1_000 });
    await room.turn();
    const lines = (await room.metrics.scrape()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'pulsewatch_table_changes_total{origin="other"} 1',
        'pulsewatch_table_changes_total{origin="own"} 1',
        'pulsewatch_table_changes_lag_seconds 3',
      ]),
    );
    await room.turn();
    expect(await room.metrics.scrape()).toContain('\npulsewatch_table_changes_lag_seconds 0\n');
  });

  it('says why nobody can follow any', async () => {
    changes.reason = 'no stream';
    expect(await room.follower.turn()).toEqual(new ChangesUnavailable('no stream'));
  });
});

describe('instances that follow edits', () => {
  it('leave it to one of them; when that one stops, another goes on at its place', async () => {
    const other = await start('other');
    changes.tell(stressed('E1'));
    expect(await room.turn()).toHaveLength(2);
    expect(await other.turn()).toEqual([]);
    changes.tell(stressed('E2'));
    await room.follower.end();
    // It looks again only after a while.
    expect(await other.turn()).toEqual([]);
    clock.advance(5_000);
    expect(await other.turn()).toEqual([
      { ...NONE, employees: ['E2'] },
      { ...NONE, divisions: ['Sales'] },
    ]);
  });

  it('go on where one was killed, with what it had not finished', async () => {
    const other = await start('other');
    changes.tell(stressed('E1'));
    room.listener = () => new Promise(() => undefined);
    void room.follower.turn();
    expect(await other.turn()).toEqual([]);
    clock.advance(60_000);
    expect(await other.turn()).toEqual([
      { ...NONE, employees: ['E1'] },
      { ...NONE, divisions: ['Sales'] },
    ]);
  });

  it('stop when they were taken for gone and another one reads', async () => {
    const other = await start('other');
    await room.turn();
    await other.turn();
    clock.advance(60_000);
    await other.turn();
    changes.tell(stressed('E1'));
    expect(await room.turn()).toHaveLength(2);
    changes.tell(stressed('E2'));
    expect(await room.turn()).toEqual([]);
    expect(await other.turn()).toHaveLength(4);
    expect(await position()).toBe('2');
  });
});
