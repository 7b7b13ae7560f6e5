import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FrameCache } from '../../../src/delivery/alerts/frame-cache.js';
import { AlertMessages } from '../../../src/delivery/alerts/messages.js';
import { PLAIN_VIEW } from '../../../src/delivery/alerts/view.js';
import { SnapshotCache } from '../../../src/delivery/alerts/snapshot-cache.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { openEmbeddedStorage } from '../../../src/storage/embedded/embedded-storage.js';
import { isEntityEvent } from '../../../src/domain/alerts/log-event.js';
import { UNCHANGED, type EventChange } from '../../../src/storage/ports/event-rewrite.js';
import type { Storage } from '../../../src/storage/ports/storage.js';
import { append, clear, raise, startAlertLog, type AlertLogProcess } from '../../support/app/alert-logs.js';
import { SettableClock } from '../../support/app/settable-clock.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

const ENCODING = {
  name: 'sse',
  encode: (message: object) => Buffer.from(`${JSON.stringify(message)}\n`),
} as const;
const clock = new SettableClock(1_700_000_000_000);
const change: EventChange = {
  ...UNCHANGED,
  raised: (event) =>
    event.alert === 'department_critical' && event.entityId === 'Secret'
      ? {
          ...event,
          entityId: 'nobody',
          department: 'nobody',
          data: { ...event.data, department_id: 'nobody', department_name: 'nobody' },
        }
      : event,
  cleared: (event) => (event.entityId === 'Secret' ? { ...event, entityId: 'nobody' } : event),
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
let mine: AlertLogProcess;
let other: AlertLogProcess;

beforeEach(async () => {
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
  other = await startAlertLog(storage.alertLog, clock);
  mine = await startAlertLog(storage.alertLog, clock);
  for (const department of ['A', 'Secret', 'C']) await append(other.log, raise(department, clock.now()));
  await mine.log.refresh();
});
afterEach(async () => {
  await mine.stop();
  await other.stop();
  await storage.close();
  await folder.remove();
});

const firing = ({ log }: AlertLogProcess) =>
  log.active().map((event) => isEntityEvent(event) && event.entityId);

/** What readers of a process get, from its newest events, from the log, and as a snapshot. */
function readersOf({ log }: AlertLogProcess) {
  const messages = new AlertMessages(loadConfig({}), clock);
  const feed = new FrameCache(log, storage.alertLog, messages);
  const snapshots = new SnapshotCache(log, messages);
  feed.onModuleInit();
  snapshots.onModuleInit();
  const query = { view: PLAIN_VIEW, encoding: ENCODING };
  return {
    recent: (cursor: number) => String(feed.recent({ ...query, cursor })?.frames ?? ''),
    replay: (cursor: number) => String(feed.recent({ ...query, cursor, until: log.head })?.frames ?? ''),
    past: async (cursor: number) => {
      const chunk = await feed.past({ ...query, cursor });
      return chunk === 'trimmed' ? chunk : String(chunk.frames);
    },
    snapshot: () => String(snapshots.frame('unknown_id', PLAIN_VIEW, ENCODING)),
  };
}

describe('an alert log of which another process changed events', () => {
  it('tells the new text of what fires once it has looked, in the order as before, and tells nobody anything twice', async () => {
    const heard = mine.heard.length;
    await other.log.rewrite(change, 0);
    expect(firing(other)).toEqual(['A', 'nobody', 'C']);
    expect(firing(mine)).toEqual(['A', 'Secret', 'C']);
    await mine.log.refresh();
    expect(firing(mine)).toEqual(['A', 'nobody', 'C']);
    expect(mine.heard).toHaveLength(heard);
  });

  it('keeps nothing of the old text for its readers', async () => {
    const readers = readersOf(mine);
    const before = mine.log.head;
    await append(mine.log, clear('Secret', before - 1, clock.now()), raise('Secret', clock.now()));
    expect(readers.recent(before)).toContain('Secret');
    expect(readers.replay(before)).toContain('Secret');
    expect(readers.snapshot()).toContain('Secret');
    await other.log.rewrite(change, 0);
    await mine.log.refresh();
    for (const text of [readers.recent(before), readers.replay(before), readers.snapshot()])
      expect(text).not.toContain('Secret');
    expect(await readers.past(before)).toContain('nobody');
    expect(readers.snapshot()).toContain('nobody');
    const id = await append(other.log, raise('D', clock.now()));
    await mine.log.refresh();
    expect(readers.recent(id - 1)).toContain('"D"');
  });

  it('goes on from a checkpoint of what was not read before, and misses nothing', async () => {
    await append(other.log, raise('D', clock.now()), raise('E', clock.now()));
    await other.log.trim(other.log.head - 2);
    await other.log.rewrite(change, 0);
    await mine.log.refresh();
    expect(firing(mine)).toEqual(['A', 'nobody', 'C', 'D', 'E']);
    expect(mine.heard.flat().map((event) => isEntityEvent(event) && event.entityId)).toEqual([
      'A',
      'Secret',
      'C',
      'D',
      'E',
    ]);
    expect(JSON.stringify(await storage.alertLog.loadCheckpoint())).not.toContain('Secret');
  });

  it('reads on where a newer checkpoint appears while it folds again', async () => {
    await other.log.rewrite(change, 0);
    const load = storage.alertLog.loadCheckpoint.bind(storage.alertLog);
    jest.spyOn(storage.alertLog, 'loadCheckpoint').mockImplementationOnce(async () => {
      await append(other.log, raise('D', clock.now()));
      await other.log.trim(other.log.head);
      return load();
    });
    await mine.log.refresh();
    expect(firing(mine)).toEqual(['A', 'nobody', 'C', 'D']);
    expect(mine.heard.flat().map((event) => isEntityEvent(event) && event.entityId)).toEqual([
      'A',
      'Secret',
      'C',
      'D',
    ]);
  });

  it('starts with the new text, from a checkpoint and the records after it', async () => {
    await other.log.trim(other.log.head - 1);
    await append(other.log, raise('D', clock.now()));
    await other.log.rewrite(change, 0);
    const third = await startAlertLog(storage.alertLog, clock);
    expect(firing(third)).toEqual(['A', 'nobody', 'C', 'D']);
    await third.stop();
  });
});
