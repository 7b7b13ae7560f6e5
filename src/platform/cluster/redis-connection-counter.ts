import { Logger } from '@nestjs/common';
import { ConnectionCounter } from '../auth/connection-counter.js';
import { PeriodicJob } from '../../lib/periodic-job.js';
import { nameOf } from './redis-rate-counter.js';
import type { RedisConnection } from './redis-connection.js';

/** The connections of an instance without a heartbeat for this long do not count. */
const ALIVE_MS = 20_000;
const HEARTBEAT_EVERY_MS = 5_000;
/** A count that is not written for this long expires. Every instance writes its counts again in time. */
const KEPT_MS = 3_600_000;
const REPORT_EVERY_MS = 900_000;
const REPORTS_IN_PIPELINE = 500;

/**
 * Counts one more connection unless the live instances have as many as the limit together. Removes the counts of instances
 * without a heartbeat. Keys: the counts of one caller. Arguments: this instance, its count before, the limit, the prefix of
 * the heartbeat keys, the lifetimes of the heartbeat and of the counts. Returns whether the connection was counted, and
 * whether Redis had the heartbeat of this instance.
 */
const ACQUIRE = `
local known = redis.call('EXISTS', ARGV[4] .. ARGV[1])
redis.call('SET', ARGV[4] .. ARGV[1], '1', 'PX', ARGV[5])
local others = 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if all[i] ~= ARGV[1] then
    if redis.call('EXISTS', ARGV[4] .. all[i]) == 1 then others = others + tonumber(all[i + 1])
    else redis.call('HDEL', KEYS[1], all[i]) end
  end
end
if others + tonumber(ARGV[2]) >= tonumber(ARGV[3]) then return { 0, known } end
redis.call('HSET', KEYS[1], ARGV[1], tonumber(ARGV[2]) + 1)
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return { 1, known }
`;

/** Counts the connections over all instances. Without Redis each instance counts its own. */
export class RedisConnectionCounter extends ConnectionCounter {
  private readonly here = new Map<string, number>();
  private readonly heartbeat: PeriodicJob;
  private untilReport = REPORT_EVERY_MS;

  constructor(
    private readonly redis: RedisConnection,
    private readonly prefix: string,
    private readonly instance: string,
  ) {
    super();
    this.heartbeat = new PeriodicJob(
      {
        everyMs: HEARTBEAT_EVERY_MS,
        logger: new Logger(RedisConnectionCounter.name),
        failure: 'Reporting the connections of this instance to Redis failed',
      },
      () => this.beat(),
    );
  }

  /** Starts the heartbeat. */
  start(): void {
    this.heartbeat.start();
  }

  /** Ends the heartbeat: the connections of this instance no longer count. */
  async stop(): Promise<void> {
    await this.heartbeat.stop();
    await this.redis.attempt('places', (redis) => redis.del(this.alive + this.instance));
  }

  async acquire(who: string, here: number, limit: number): Promise<boolean> {
    const key = this.key(who);
    const parameters = [this.instance, here, limit, this.alive, ALIVE_MS, KEPT_MS];
    const answer = await this.redis.attempt('places', (redis) => redis.eval(ACQUIRE, 1, key, ...parameters));
    const [isCounted, isKnown] = Array.isArray(answer) ? (answer as unknown[]) : [];
    // Redis has lost its data. The script has written the heartbeat, so the next beat would not detect it.
    if (isKnown === 0) this.untilReport = 0;
    if (isCounted === 0) return false;
    this.here.set(who, here + 1);
    return true;
  }

  report(who: string, here: number): void {
    if (here > 0) this.here.set(who, here);
    else this.here.delete(who);
    void this.redis.attempt('places', (redis) =>
      here > 0 ? redis.hset(this.key(who), this.instance, here) : redis.hdel(this.key(who), this.instance),
    );
  }

  /** Writes the heartbeat. Writes all counts again after Redis has lost its data, and before they expire. */
  private async beat(): Promise<void> {
    const before = await this.redis.attempt('places', (redis) =>
      redis.set(this.alive + this.instance, '1', 'PX', ALIVE_MS, 'GET'),
    );
    this.untilReport -= HEARTBEAT_EVERY_MS;
    if (before === undefined || (before !== null && this.untilReport > 0)) return;
    this.untilReport = REPORT_EVERY_MS;
    const all = [...this.here.keys()];
    for (let start = 0; start < all.length; start += REPORTS_IN_PIPELINE) {
      await this.redis.attempt('places', (redis) => {
        const commands = redis.pipeline();
        for (const who of all.slice(start, start + REPORTS_IN_PIPELINE)) {
          const here = this.here.get(who);
          if (here !== undefined)
            commands.hset(this.key(who), this.instance, here).pexpire(this.key(who), KEPT_MS);
        }
        return commands.exec();
      });
    }
  }

  private get alive(): string {
    return `${this.prefix}alive:`;
  }

  private key(who: string): string {
    return `${this.prefix}places:${nameOf(who)}`;
  }
}
