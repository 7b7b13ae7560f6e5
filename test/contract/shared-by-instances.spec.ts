import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
import { RedisProcess } from '../support/servers/redis-process.js';
import { minuteCountsContract } from './minute-counts.contract.js';
import { ticketStoreContract } from './ticket-store.contract.js';

/** Between two looks whether Redis is found again. */
const LOOK_MS = 10;
/** Nobody waits for Redis longer than the time-out and some more, however busy the machine. */
const SOON_MS = 2_000;
/** Nobody asks Redis for this long after it did not answer. */
const AWAY_MS = 1_000;

const clock = new Clock();

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
  });
  afterAll(async () => {
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
    const connection = new RedisConnection('commands', config, clock, new Metrics(), () => 0.5);
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
  /** Makes sure that the connections find Redis again. */
  const isBack = () =>
    eventually(
      async () => {
        await Promise.all(
          connections.map((each) => each.run('test', (client) => client.ping()).catch(() => '')),
        );
        const isUp = connections.every((connection) => connection.isUp);
        // They ask again after a second only: more looks than `eventually` has on a quiet machine.
        if (!isUp) await delay(LOOK_MS);
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
      const start = performance.now();
      const seen = [await counts.add('requests', 'ada'), await counts.add('requests', 'ada')];
      expect(seen.map(({ count }) => count)).toEqual([1, 2]);
      expect(performance.now() - start).toBeLessThan(SOON_MS);
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
      expect(await tickets.put('lost', issued(30_000))).toBe('unsure');
      expect(await tickets.take('lost')).toBeUndefined();
      // Redis is not asked for a while, and then a ticket is here, for this instance.
      expect(await tickets.put('here', issued(30_000))).toBe('kept');
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
    }, 20_000);

    it('are what an instance has itself, while Redis does not answer', async () => {
      const [here] = connectionsOfBoth();
      redis.freeze();
      const start = performance.now();
      expect(await here.acquire('ada', 5, 3)).toBe(true);
      expect(performance.now() - start).toBeLessThan(SOON_MS + AWAY_MS);
      redis.thaw();
      expect(await isBack()).toBe(true);
    });
  });
});
