import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FrameCache } from '../../../../src/delivery/alerts/frame-cache.js';
import { Session, SessionCursor } from '../../../../src/delivery/alerts/session.js';
import { PLAIN_VIEW, v1View, type AlertView } from '../../../../src/delivery/alerts/view.js';
import type { SubscriptionRequest } from '../../../../src/delivery/alerts/client-protocol.js';
import { LOCAL_OPERATOR, type Caller } from '../../../../src/domain/access/access.js';
import { append, clear, raise } from '../../../support/app/alert-logs.js';
import { eventually } from '../../../support/app/eventually.js';
import { KeptConnection, SessionHarness } from '../../../support/app/session-harness.js';

let harness: SessionHarness;
let frames: FrameCache;
let start: number;
let connection: KeptConnection;
beforeEach(async () => {
  harness = await SessionHarness.open();
  frames = harness.frames();
  start = harness.log.head;
  connection = new KeptConnection(harness.clock);
});
afterEach(() => harness.close());

const raiseAll = (...departments: string[]) =>
  append(harness.log, ...departments.map((department) => raise(department, harness.clock.now())));
const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
/** A name that makes an event large: four of them are more than may wait for a reader. */
const large = (name: string) => name + 'x'.repeat(30_000);
const arrived = (count: number) =>
  eventually(
    () => Promise.resolve(connection.ids),
    (ids) => ids.length >= count,
  );

describe('the cursor of a session', () => {
  /** What the cursor reports. */
  let reports: unknown[];
  let goesOnAt: number | undefined;
  function cursorAt(
    cursor: number,
    { view = PLAIN_VIEW, replayUntil }: { view?: AlertView; replayUntil?: number } = {},
  ) {
    reports = [];
    const listener = {
      onWritten: (_: unknown, isLive: boolean) => void reports.push(isLive ? 'live' : 'replay'),
      onReplayed: (count: number, until: number) => void reports.push({ count, until }),
      onTrimmed: () => {
        reports.push('trimmed');
        return goesOnAt;
      },
      onFailure: (error: unknown) => void reports.push(error),
    };
    const options = { view, cursor, ...(replayUntil === undefined ? {} : { replayUntil }) };
    return new SessionCursor(frames, connection, listener, options);
  }

  it('writes what is new, each event once, and knows its position', async () => {
    const cursor = cursorAt(start);
    cursor.pump();
    expect([cursor.position, cursor.lag, connection.writes.length]).toEqual([start, 0, 0]);
    await raiseAll('A', 'B');
    expect([cursor.position, cursor.lag]).toEqual([undefined, 2]);
    cursor.pump();
    cursor.pump();
    expect(connection.ids).toEqual([start + 1, start + 2]);
    expect([cursor.position, cursor.lag, reports]).toEqual([start + 2, 0, ['live']]);
  });

  it('stops at a reader that is slow, holds no queue for it, and catches up when it reads', async () => {
    const cursor = cursorAt(start);
    connection.hold();
    for (const round of range(1, 20)) {
      await raiseAll(large(String(round)));
      cursor.pump();
    }
    expect(cursor.lag).toBeGreaterThan(8);
    expect(connection.waiting).toBeLessThan(2 * 256 * 1_024);
    const writes = connection.writes.length;
    cursor.pump();
    expect(connection.writes).toHaveLength(writes);
    connection.readOn();
    expect(await arrived(20)).toEqual(range(start + 1, start + 20));
    expect(cursor.position).toBe(start + 20);
  });

  it('catches up from the log where the ring does not reach, as fast as the reader reads', async () => {
    for (const round of range(1, 20)) await raiseAll(large(String(round)));
    frames = harness.frames();
    const cursor = cursorAt(start);
    connection.hold();
    cursor.pump();
    await eventually(() => Promise.resolve(connection.isCongested), Boolean);
    expect(connection.writes.length).toBeLessThan(20);
    connection.readOn();
    expect(await arrived(20)).toEqual(range(start + 1, start + 20));
  });

  it('goes from a replay to what is live without a gap, whatever is appended meanwhile', async () => {
    for (const name of ['A', 'B', 'C']) await raiseAll(name);
    frames = harness.frames();
    const cursor = cursorAt(start, { replayUntil: start + 3 });
    const past = frames.past.bind(frames);
    let goOn = (): void => undefined;
    const appended = new Promise<void>((resolve) => (goOn = resolve));
    frames.past = async (query) => {
      await appended;
      return past(query);
    };
    cursor.pump();
    expect([cursor.isReplaying, cursor.position]).toEqual([true, undefined]);
    // Amid the replay: the first record is being read.
    await raiseAll('D', 'E');
    cursor.pump();
    goOn();
    expect(await arrived(5)).toEqual(range(start + 1, start + 5));
    expect(connection.messages.map(({ replayed }) => replayed)).toEqual([
      true,
      true,
      true,
      undefined,
      undefined,
    ]);
    expect(reports.filter((report) => typeof report === 'object')).toEqual([{ count: 3, until: start + 3 }]);
    expect(reports.lastIndexOf('replay')).toBeLessThan(
      reports.findIndex((report) => typeof report === 'object'),
    );
    expect([cursor.isReplaying, cursor.position]).toEqual([false, start + 5]);
  });

  it('ends an empty replay at once', () => {
    const cursor = cursorAt(start, { replayUntil: start });
    cursor.pump();
    expect([reports, cursor.isReplaying]).toEqual([[{ count: 0, until: start }], false]);
  });

  it('continues where its listener says when events were trimmed, or stands still', async () => {
    const first = await raiseAll('A');
    await raiseAll('B');
    frames = harness.frames();
    await harness.log.trim(first);
    goesOnAt = first;
    const cursor = cursorAt(start, { replayUntil: start + 2 });
    cursor.pump();
    expect(await arrived(1)).toEqual([start + 2]);
    expect([reports, cursor.isReplaying]).toEqual([['trimmed', 'live'], false]);
    connection = new KeptConnection(harness.clock);
    goesOnAt = undefined;
    const still = cursorAt(start);
    still.pump();
    await eventually(
      () => Promise.resolve(reports),
      ({ length }) => length > 0,
    );
    still.pump();
    expect([reports, connection.ids]).toEqual([['trimmed'], []]);
  });

  it('reports a log that cannot be read, and stands still', async () => {
    await raiseAll('A');
    frames = harness.frames();
    const failure = new Error('unreadable');
    frames.past = () => Promise.reject(failure);
    const cursor = cursorAt(start);
    cursor.pump();
    await eventually(
      () => Promise.resolve(reports),
      ({ length }) => length > 0,
    );
    cursor.pump();
    expect([reports, connection.writes]).toEqual([[failure], []]);
  });

  it('shows another view from the next event on', async () => {
    const cursor = cursorAt(start, { view: v1View({ departments: ['A'] }) });
    await raiseAll('A', 'B');
    cursor.pump();
    cursor.show(v1View({ departments: ['B'] }));
    await raiseAll('A', 'B');
    cursor.pump();
    expect(connection.ids).toEqual([start + 1, start + 4]);
  });

  it('writes nothing to a connection that has ended', async () => {
    const cursor = cursorAt(start);
    await raiseAll('A');
    connection.isWritable = false;
    cursor.pump();
    expect([connection.writes, cursor.lag]).toEqual([[], 1]);
  });
});

describe('a session', () => {
  const MANAGER: Caller = { subject: 'mia', role: 'manager', departments: ['Sales'] };
  const V1: SubscriptionRequest = { profile: 'v1', filter: {} };
  function sessionOf(request: SubscriptionRequest, caller = LOCAL_OPERATOR, expiresAt?: number): Session {
    const admission = { caller, ...(expiresAt === undefined ? {} : { expiresAt }) };
    const session = new Session(harness.context(frames), connection, request, admission);
    session.begin();
    return session;
  }
  const types = () => connection.messages.map(({ type }) => type);

  it('greets, says where it stands, and follows', async () => {
    const session = sessionOf(V1);
    session.sendPosition();
    const raised = await raiseAll('A');
    session.sendPosition();
    session.pump();
    session.sendPosition();
    await append(harness.log, clear('A', raised, harness.clock.now()));
    session.pump();
    expect(connection.messages.map(({ type, id }) => [type, id && Number(id)])).toEqual([
      ['connection', undefined],
      ['position', start],
      ['position', start],
      ['department_critical', raised],
      ['position', raised],
      ['alert_cleared', raised + 1],
    ]);
  });

  it('of the plain profile gets raises and no positions', async () => {
    const session = sessionOf({ profile: 'plain' });
    const raised = await raiseAll('A');
    await append(harness.log, clear('A', raised, harness.clock.now()));
    session.pump();
    session.sendPosition();
    expect(types()).toEqual(['connection', 'department_critical']);
  });

  it('sees what its filter and its scope accept', async () => {
    const session = sessionOf(V1, MANAGER);
    await raiseAll('Sales', 'Legal');
    session.pump();
    session.narrow({ departments: ['Legal'] });
    await raiseAll('Ops');
    await raiseAll('Sales2');
    session.pump();
    expect(connection.ids).toEqual([start + 1]);
    session.narrow({});
    expect(session.readmit({ caller: { ...MANAGER, departments: ['Legal'] } })).toBe(true);
    await append(harness.log, clear('Sales', start + 1, 0), clear('Legal', start + 2, 0));
    session.pump();
    expect(connection.ids).toEqual([start + 1, start + 6]);
  });

  it('is not continued by the token of another subject, and ends with a role that reads no alerts', async () => {
    const session = sessionOf(V1, MANAGER);
    expect(session.readmit({ caller: { ...MANAGER, subject: 'eve', departments: ['Legal'] } })).toBe(false);
    await raiseAll('Sales', 'Legal');
    session.pump();
    expect([connection.ids, connection.endings]).toEqual([[start + 1], []]);
    session.readmit({ caller: { ...MANAGER, role: 'service' } });
    expect(connection.endings).toEqual(['role_lost']);
  });

  it('replays, and counts the replay', async () => {
    await raiseAll('A', 'B');
    frames = harness.frames();
    const session = sessionOf({ ...V1, resume: { after: start } });
    await eventually(
      () => Promise.resolve(types()),
      (all) => all.includes('replay_complete'),
    );
    expect(types()).toEqual(['connection', 'department_critical', 'department_critical', 'replay_complete']);
    session.ended();
    frames.past = () => new Promise(() => undefined);
    const interrupted = sessionOf({ ...V1, resume: { after: start } });
    await eventually(
      () => Promise.resolve(interrupted.lag),
      (lag) => lag > 0,
    );
    interrupted.ended();
    const text = await harness.metrics.scrape();
    expect(text).toContain('pulsewatch_replays_total{outcome="complete"} 1');
    expect(text).toContain('pulsewatch_replays_total{outcome="interrupted"} 1');
  });

  it('writes nothing once its admission is over, and ends once', async () => {
    const session = sessionOf(V1, LOCAL_OPERATOR, harness.clock.now() + 1_000);
    await raiseAll('A');
    harness.clock.advance(999);
    session.pump();
    expect(connection.ids).toEqual([start + 1]);
    await raiseAll('B');
    harness.clock.advance(1);
    expect(connection.isOpen).toBe(false);
    session.sendPosition();
    session.pump();
    session.pump();
    expect([connection.ids, harness.ended.map(({ reason }) => reason)]).toEqual([
      [start + 1],
      ['token_expired'],
    ]);
  });

  it('stays for as long as a new token says', async () => {
    const session = sessionOf(V1, LOCAL_OPERATOR, harness.clock.now() + 1_000);
    session.readmit({ caller: LOCAL_OPERATOR, expiresAt: harness.clock.now() + 5_000 });
    await raiseAll('A');
    harness.clock.advance(4_999);
    session.pump();
    expect(connection.ids).toEqual([start + 1]);
    harness.clock.advance(1);
    session.pump();
    expect(connection.endings).toEqual(['token_expired']);
    session.ended();
  });

  it('that is ending for another reason is not counted as expired', () => {
    const session = sessionOf(V1, LOCAL_OPERATOR, harness.clock.now() + 1_000);
    connection.end('slow_consumer');
    harness.clock.advance(1_000);
    session.pump();
    expect([connection.endings, harness.ended]).toEqual([['slow_consumer'], []]);
  });
});
