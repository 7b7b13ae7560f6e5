import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FrameCache } from '../../../src/delivery/alerts/frame-cache.js';
import { AlertMessages } from '../../../src/delivery/alerts/messages.js';
import { Session } from '../../../src/delivery/alerts/session.js';
import { DeliveryMeter } from '../../../src/delivery/alerts/delivery-meter.js';
import { SnapshotCache } from '../../../src/delivery/alerts/snapshot-cache.js';
import type { SubscriptionRequest } from '../../../src/delivery/alerts/client-protocol.js';
import { AccessScopes } from '../../../src/platform/auth/access-scopes.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { LOCAL_OPERATOR } from '../../../src/domain/access/access.js';
import { Metrics } from '../../../src/platform/observability/metrics.js';
import { openEmbeddedStorage } from '../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../src/storage/ports/storage.js';
import { append, raise, startAlertLog, type AlertLogProcess } from '../../support/app/alert-logs.js';
import { eventually } from '../../support/app/eventually.js';
import { KeptConnection } from '../../support/app/session-harness.js';
import { SettableClock } from '../../support/app/settable-clock.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
let mine: AlertLogProcess;
let other: AlertLogProcess;
let ids: number[];
const clock = new SettableClock(1_700_000_000_000);

beforeEach(async () => {
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
  other = await startAlertLog(storage.alertLog, clock);
  ids = [];
  for (const department of ['A', 'B', 'C', 'D'])
    ids.push(await append(other.log, raise(department, clock.now())));
  mine = await startAlertLog(storage.alertLog, clock);
});
afterEach(async () => {
  await Promise.all([mine.stop(), other.stop()]);
  await storage.close();
  await folder.remove();
});

/** Subscribes in a process that does not know yet what another one trims; the ring of the cache is empty, as after a start. */
function subscribe(request: SubscriptionRequest, metrics = new Metrics()): KeptConnection {
  const messages = new AlertMessages(loadConfig({}), clock);
  const frames = new FrameCache(mine.log, storage.alertLog, messages);
  frames.onModuleInit();
  const connection = new KeptConnection(clock);
  const session = new Session(
    {
      log: mine.log,
      frames,
      messages,
      metrics,
      snapshots: new SnapshotCache(mine.log, messages),
      scopes: new AccessScopes(loadConfig({})),
      meter: new DeliveryMeter(metrics, 'sse', () => clock.now()),
      end: (ended, reason) => ended.end(reason),
    },
    connection,
    request,
    { caller: LOCAL_OPERATOR },
  );
  frames.onAdvance(() => session.pump());
  session.begin();
  return connection;
}
const seen = (connection: KeptConnection, type: string) =>
  eventually(
    () => Promise.resolve(connection.messages),
    (messages) => messages.some((message) => message.type === type),
  );

describe('a reader whose place was trimmed by another process', () => {
  it('gets a snapshot instead of a part of the replay, then what follows', async () => {
    await other.log.trim(ids[1] ?? 0);
    const metrics = new Metrics();
    const request = { profile: 'v1', filter: {}, resume: { after: mine.log.origin } } as const;
    const connection = subscribe(request, metrics);
    await seen(connection, 'snapshot');
    expect(await metrics.scrape()).toContain('pulsewatch_replays_total{outcome="trimmed_id"} 1');
    await append(mine.log, raise('E', clock.now()));
    const messages = await seen(connection, 'department_critical');
    expect(messages.map(({ type, reason, id }) => [type, reason ?? id])).toEqual([
      ['connection', undefined],
      ['snapshot', 'trimmed_id'],
      ['department_critical', String(mine.log.head)],
    ]);
    expect(messages[1]).toMatchObject({
      id: String(ids[3]),
      data: { active: ids.map((id) => ({ id: String(id) })) },
    });
    expect(connection.endings).toEqual([]);
  });

  it('replays in full from where the log begins', async () => {
    await other.log.trim(ids[1] ?? 0);
    const connection = subscribe({ profile: 'v1', filter: {}, resume: { after: ids[1] ?? 0 } });
    const messages = await seen(connection, 'replay_complete');
    expect(messages.slice(1, -1).map(({ id }) => Number(id))).toEqual(ids.slice(2));
  });
});
