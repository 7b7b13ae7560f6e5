import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LocalRateCounter } from '../../src/platform/auth/rate-counter.js';
import { LocalTicketStore, type Issued } from '../../src/platform/auth/ticket-store.js';
import { Clock } from '../../src/lib/clock.js';
import { Secret } from '../../src/config/secret.js';
import { Metrics } from '../../src/platform/observability/metrics.js';
import { RedisConnection } from '../../src/platform/cluster/redis-connection.js';
import { RedisRateCounter } from '../../src/platform/cluster/redis-rate-counter.js';
import { RedisConnectionCounter } from '../../src/platform/cluster/redis-connection-counter.js';
import { RedisTicketStore } from '../../src/platform/cluster/redis-ticket-store.js';
import { eventually } from '../support/app/eventually.js';
import { needing } from '../support/needs.js';
import { SettableClock } from '../support/app/settable-clock.js';
import { RedisProcess } from '../support/servers/redis-process.js';
import { minuteCountsContract } from './minute-counts.contract.js';
import { ticketStoreContract } from './ticket-store.contract.js';

/** Between two looks at what an instance says by itself. */
const LOOK_MS = 10;
/** Nobody waits for Redis longer. */
const ANSWER_MS = 200;
/** All but the timer by which a command is given up: that one goes by the test, so that no answer of a busy machine is too late. */
const REAL = [
  ...([
    'Date',
    'hrtime',
    'nextTick',
    'performance',
    'queueMicrotask',
    'setImmediate',
    'clearImmediate',
  ] as const),
  ...(['setInterval', 'clearInterval', 'requestAnimationFrame', 'cancelAnimationFrame'] as const),
  ...(['requestIdleCallback', 'cancelIdleCallback'] as const),
];

const clock = new Clock();
/** By it a connection leaves Redis alone for a while that did not answer. */
const pauses = new SettableClock(0);
/** Longer than that while. */
const PAUSE_MS = 2_000;

describe('tickets in the memory of an instance', () => {
  ticketStoreContract(() => {
    const store = new LocalTicketStore(clock);
    return { stores: [store, store], clock };
  });
});

describe('counts in the memory of an instance', () => {
  minuteCountsContract(() => {
    const counts = new LocalRateCounter();
    return [counts, counts];
  });
});

needing('redis-server').describe('what instances share by Redis', () => {
  let redis: RedisProcess;
  let connections: RedisConnection[];
  beforeAll(async () => {
    redis = await RedisProcess.start();
    connections = await Promise.all([connect(), connect()]);
    jest.useFakeTimers({ doNotFake: REAL });
  });
  afterAll(async () => {
    jest.useRealTimers();
    await Promise.all(connections.map((connection) => connection.stop()));
    await redis.kill();
  });

  let prefix: string;
  let tests = 0;
  beforeEach(() => {
    prefix = `test${(tests += 1)}:`;
  });

  async function connect(): Promise<RedisConnection> {
    const config = { url: new Secret(redis.url), prefix };
    const connection = new RedisConnection('commands', config, pauses, new Metrics(), () => 0.5);
    const isReady = new Promise<void>((resolve) => connection.onReady(resolve));
    connection.start();
    await isReady;
    return connection;
  }
  const both = <T>(make: (connection: RedisConnection) => T): readonly [T, T] => {
    const [first, second] = connections;
    if (!first || !second) throw new Error('there are two');
    return [make(first), make(second)];
  };
  const countsOfBoth = () =>
    both((connection) => new RedisRateCounter(connection, prefix, new LocalRateCounter()));
  const ticketsOfBoth = (installation = 'one') =>
    both(
      (connection) =>
        new RedisTicketStore(connection, prefix, () => installation, clock, new LocalTicketStore(clock)),
    );
  const connectionsOfBoth = () => {
    let instances = 0;
    return both((connection) => new RedisConnectionCounter(connection, prefix, `i${(instances += 1)}`));
  };
  /** What is answered once as much time has passed as anybody waits for Redis, and no more. */
  const inTime = async <T>(answer: Promise<T>): Promise<T> => {
    const waited = answer.finally(() => undefined);
    await jest.advanceTimersByTimeAsync(ANSWER_MS);
    return waited;
  };
  /** Makes sure that the connections find Redis again. */
  const isBack = () =>
    eventually(
      async () => {
        await Promise.all(
          connections.map((each) => each.run('test', (client) => client.ping()).catch(() => '')),
        );
        const isUp = connections.every((connection) => connection.isUp);
        if (!isUp) pauses.advance(PAUSE_MS);
        return isUp;
      },
      (isUp) => isUp,
    );

  describe('counts', () => {
    minuteCountsContract(countsOfBoth);

    it('are of each instance alone while Redis does not answer, and nobody waits for them', async () => {
      const [counts] = countsOfBoth();
      await counts.add('requests', 'ada');
      redis.freeze();
      const seen = [await inTime(counts.add('requests', 'ada')), await inTime(counts.add('requests', 'ada'))];
      expect(seen.map(({ count }) => count)).toEqual([1, 2]);
      redis.thaw();
      expect(await isBack()).toBe(true);
    });

    it('name nobody in Redis, and end with their minute', async () => {
      await countsOfBoth()[0].add('requests', 'ada@corp.example');
      const [keys, lives] = await redis.ask(async (client) => {
        const found = await client.keys(`${prefix}*`);
        return [found, await Promise.all(found.map((key) => client.pttl(key)))] as const;
      });
      expect(keys).toHaveLength(1);
      expect(keys.join()).not.toContain('ada');
      for (const life of lives) expect(life).toBeGreaterThan(0);
    });
  });

  describe('tickets', () => {
    ticketStoreContract(() => ({ stores: ticketsOfBoth(), clock }));

    const issued = (ms: number): Issued => ({
      admission: { caller: { subject: 'ada', role: 'hr', departments: [] } },
      origin: undefined,
      expiresAt: clock.now() + ms,
    });

    it('open nothing at another installation that uses the same Redis', async () => {
      const [[tickets], [others]] = [ticketsOfBoth('one'), ticketsOfBoth('another')];
      const kept = issued(30_000);
      await tickets.put('known', kept);
      expect(await others.take('known')).toBeUndefined();
      expect(await tickets.take('known')).toEqual(kept);
    });

    it('are forgotten when they end', async () => {
      const [tickets] = ticketsOfBoth();
      await tickets.put('short', issued(1));
      const kept = await eventually(
        () => redis.ask((client) => client.exists(`${prefix}ticket:one:short`)),
        (count) => count === 0,
      );
      expect(kept).toBe(0);
    });

    it('are kept in one place: where nobody knows whether Redis has it, it is given to nobody', async () => {
      const [tickets, others] = ticketsOfBoth();
      redis.freeze();
      expect(await inTime(tickets.put('lost', issued(30_000)))).toBe('unsure');
      expect(await inTime(tickets.take('lost'))).toBeUndefined();
      // Redis is not asked for a while, and then a ticket is here, for this instance.
      expect(await inTime(tickets.put('here', issued(30_000)))).toBe('kept');
      redis.thaw();
      expect(await isBack()).toBe(true);
      expect(await others.take('here')).toBeUndefined();
      expect(await tickets.take('here')).toMatchObject({ admission: { caller: { subject: 'ada' } } });
      expect(await tickets.take('here')).toBeUndefined();
    });
  });

  describe('connections', () => {
    it('are as many at all instances as one may have', async () => {
      const [here, there] = connectionsOfBoth();
      expect(await here.acquire('ada', 0, 3)).toBe(true);
      expect(await there.acquire('ada', 0, 3)).toBe(true);
      expect(await here.acquire('ada', 1, 3)).toBe(true);
      expect(await there.acquire('ada', 1, 3)).toBe(false);
      expect(await there.acquire('bob', 0, 3)).toBe(true);
      here.report('ada', 1);
      expect(await there.acquire('ada', 1, 3)).toBe(true);
    });

    it('are free again when their instance stops', async () => {
      const [here, there] = connectionsOfBoth();
      await here.acquire('ada', 0, 1);
      expect(await there.acquire('ada', 0, 1)).toBe(false);
      await here.stop();
      expect(await there.acquire('ada', 0, 1)).toBe(true);
    });

    it('are free again when their instance has not said for a while that it lives', async () => {
      const [here, there] = connectionsOfBoth();
      await here.acquire('ada', 0, 1);
      const life = await redis.ask((client) => client.pttl(`${prefix}alive:i1`));
      expect(life).toBeGreaterThan(0);
      expect(life).toBeLessThanOrEqual(20_000);
      await redis.ask((client) => client.del(`${prefix}alive:i1`));
      expect(await there.acquire('ada', 0, 1)).toBe(true);
    });

    it('are told again when Redis has forgotten them, also where somebody comes first', async () => {
      const [here] = connectionsOfBoth();
      await here.acquire('ada', 0, 5);
      await redis.ask((client) => client.flushall());
      await here.acquire('bob', 0, 5);
      here.start();
      const places = await eventually(
        async () => {
          await delay(LOOK_MS);
          return redis.ask((client) => client.keys(`${prefix}places:*`));
        },
        (keys) => keys.length === 2,
      );
      expect(places).toHaveLength(2);
      await here.stop();
    });

    it('are what an instance has itself, while Redis does not answer', async () => {
      const [here] = connectionsOfBoth();
      redis.freeze();
      expect(await inTime(here.acquire('ada', 5, 3))).toBe(true);
      redis.thaw();
      expect(await isBack()).toBe(true);
    });
  });
});
