import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FrameCache } from '../../../../src/delivery/alerts/frame-cache.js';
import type { Hub } from '../../../../src/delivery/alerts/hub.js';
import { Session } from '../../../../src/delivery/alerts/session.js';
import type { SubscriptionRequest } from '../../../../src/delivery/alerts/client-protocol.js';
import { LOCAL_OPERATOR, type Caller } from '../../../../src/domain/access/access.js';
import { append, raise } from '../../../support/app/alert-logs.js';
import { eventually } from '../../../support/app/eventually.js';
import { KeptConnection, SessionHarness } from '../../../support/app/session-harness.js';

const HEARTBEAT_MS = 30_000;
const V1: SubscriptionRequest = { profile: 'v1', filter: {} };

let harness: SessionHarness;
let frames: FrameCache;
let hub: Hub;
let start: number;
beforeEach(async () => {
  jest.useFakeTimers({
    doNotFake: [
      'performance',
      'Date',
      'nextTick',
      'queueMicrotask',
      'setImmediate',
      'setTimeout',
      'clearTimeout',
    ],
  });
  harness = await SessionHarness.open({ WS_HEARTBEAT: `${HEARTBEAT_MS}ms`, WS_MAX_CONNECTIONS: '1000' });
  frames = harness.frames();
  hub = harness.hub(frames);
  start = harness.log.head;
});
afterEach(async () => {
  hub.beforeApplicationShutdown();
  jest.useRealTimers();
  await harness.close();
});

function connect(request: SubscriptionRequest = V1, caller: Caller = LOCAL_OPERATOR, expiresAt?: number) {
  const connection = new KeptConnection(harness.clock);
  hub.open(connection, request, { caller, ...(expiresAt === undefined ? {} : { expiresAt }) });
  return connection;
}
const raiseAll = (...departments: string[]) =>
  append(harness.log, ...departments.map((department) => raise(department, harness.clock.now())));
const got = (connections: readonly KeptConnection[], count: number) =>
  eventually(
    () => Promise.resolve(connections.map(({ ids }) => ids)),
    (all) => all.every(({ length }) => length >= count),
  );

describe('the hub', () => {
  it('sends every new event to all, in order, and to each view what it accepts', async () => {
    const all = connect();
    const sales = connect({ profile: 'v1', filter: { departments: ['Sales'] } });
    const manager = connect(V1, { subject: 'mia', role: 'manager', departments: ['Legal'] });
    await raiseAll('Sales', 'Legal', 'Sales');
    await raiseAll('Ops');
    await got([all], 4);
    expect(all.ids).toEqual([1, 2, 3, 4].map((offset) => start + offset));
    expect(sales.ids).toEqual([start + 1, start + 3]);
    expect(manager.ids).toEqual([start + 2]);
  });

  it('writes one and the same buffer to all sessions of a view', async () => {
    const [one, two] = [connect(), connect()];
    const other = connect({ profile: 'v1', filter: { departments: ['A'] } });
    await raiseAll('A', 'B');
    await got([one, two], 2);
    expect(one.writes.at(-1)).toBe(two.writes.at(-1));
    expect(other.writes.at(-1)).not.toBe(one.writes.at(-1));
  });

  it('makes no session wait for one that reads slowly', async () => {
    const [slow, fast] = [connect(), connect()];
    slow.hold();
    for (let round = 0; round < 20; round += 1) await raiseAll(`${round}${'x'.repeat(30_000)}`);
    await got([fast], 20);
    expect(fast.ids).toHaveLength(20);
    expect(slow.waiting).toBeLessThan(2 * 256 * 1_024);
    expect(hub.of(slow)?.lag).toBeGreaterThan(8);
    slow.readOn();
    await got([slow], 20);
    expect(slow.ids).toEqual(fast.ids);
  });

  it('lets the event loop turn between a few hundred sessions, and leaves none out', async () => {
    let turn = 0;
    let isServing = true;
    const countTurns = (): void => {
      turn += 1;
      if (isServing) setImmediate(countTurns);
    };
    const many = Array.from({ length: 600 }, () => connect());
    const servedIn = new Set<number>();
    for (const connection of many) {
      const write = connection.write.bind(connection);
      connection.write = (buffer) => {
        servedIn.add(turn);
        write(buffer);
      };
    }
    setImmediate(countTurns);
    await raiseAll('A');
    for (const connection of many.splice(0, 10)) hub.closed(connection);
    await got(many, 1);
    isServing = false;
    expect(new Set(many.map(({ ids }) => ids.join()))).toEqual(new Set([String(start + 1)]));
    expect(servedIn.size).toBeGreaterThan(2);
  });

  it('serves all once more when events come amid a round', async () => {
    const pump = jest.spyOn(Session.prototype, 'pump');
    const listeners: (() => void)[] = [];
    frames.onAdvance = (listener) => {
      listeners.push(listener);
      return () => true;
    };
    const other = harness.hub(frames);
    for (let count = 0; count < 600; count += 1) {
      const connection = new KeptConnection(harness.clock);
      other.open(connection, V1, { caller: LOCAL_OPERATOR });
    }
    // The first call begins a round, which pauses after some sessions; the second one comes amid it.
    for (const listener of listeners) {
      listener();
      listener();
    }
    expect(pump.mock.calls.length).toBeLessThan(600);
    for (let turns = 0; turns < 20; turns += 1) await nextTurn();
    expect(pump).toHaveBeenCalledTimes(1_200);
    other.beforeApplicationShutdown();
    pump.mockRestore();
  });

  it('counts its sessions, and is full at the limit', () => {
    const connections = Array.from({ length: 999 }, () => connect());
    expect([hub.size, hub.isFull]).toEqual([999, false]);
    const last = connect();
    expect([hub.size, hub.isFull]).toEqual([1_000, true]);
    hub.closed(last);
    hub.closed(last);
    expect([hub.size, hub.isFull, hub.of(last)]).toEqual([999, false, undefined]);
    for (const connection of connections) hub.closed(connection);
    expect(hub.size).toBe(0);
  });

  it('sends positions with each heartbeat, and ends peers that are gone', async () => {
    const [alive, dead, slow] = [connect(), connect(), connect()];
    const plain = connect({ profile: 'plain' });
    dead.verdict = 'dead_peer';
    slow.verdict = 'slow_consumer';
    jest.advanceTimersByTime(HEARTBEAT_MS);
    jest.advanceTimersByTime(HEARTBEAT_MS);
    expect([alive.endings, dead.endings, slow.endings]).toEqual([[], ['dead_peer'], ['slow_consumer']]);
    const positions = ({ messages }: KeptConnection) =>
      messages.filter(({ type }) => type === 'position').length;
    expect([alive, dead, plain].map(positions)).toEqual([3, 1, 0]);
    const text = await harness.metrics.scrape();
    expect(text).toMatch(/connection_errors_total\{channel="sse",reason="dead_peer"\} 1/);
    expect(text).toMatch(/connection_errors_total\{channel="sse",reason="slow_consumer"\} 1/);
  });

  it('ends a session whose admission is over instead of sending to it', async () => {
    const connection = connect(V1, LOCAL_OPERATOR, harness.clock.now() + 60_000);
    const other = connect();
    harness.clock.advance(60_000);
    await raiseAll('A');
    await got([other], 1);
    expect([connection.ids, connection.endings]).toEqual([[], ['token_expired']]);
    expect(await harness.metrics.scrape()).toMatch(
      /connection_errors_total\{channel="sse",reason="token_expired"\} 1/,
    );
    hub.closed(connection);
  });

  it('reports how many there are, and how far the slowest is behind', async () => {
    const [slow, fast] = [connect(), connect()];
    slow.hold();
    for (let round = 0; round < 20; round += 1) await raiseAll(`${round}${'x'.repeat(30_000)}`);
    await got([fast], 20);
    const text = await harness.metrics.scrape();
    expect(text).toMatch(/_connections_active\{channel="sse"\} 2/);
    expect(text).toMatch(new RegExp(`_reader_lag_events\\{channel="sse"\\} ${hub.of(slow)?.lag}\\b`));
    expect(text).toMatch(new RegExp(`_alert_log_head ${harness.log.head}\\b`));
  });

  it('ends all when the server stops, and waits until they have gone', async () => {
    await hub.endAll();
    const [one, two] = [connect(), connect()];
    let isOver = false;
    const over = hub.endAll().then(() => (isOver = true));
    expect([one.endings, two.endings]).toEqual([['server_stopping'], ['server_stopping']]);
    hub.closed(one);
    await nextTurn();
    expect(isOver).toBe(false);
    hub.closed(two);
    await over;
    expect(isOver).toBe(true);
  });
});
