import { Logger } from '@nestjs/common';
import { ConnectionCounter } from '../auth/connection-counter.js';
import { Poller } from '../../lib/poller.js';
import { nameOf } from './redis-rate-counter.js';
import type { RedisConnection } from './redis-connection.js';

/** The places of an instance that has not said for this long that it lives are free. */
const ALIVE_MS = 20_000;
const SAY_EVERY_MS = 5_000;
/** What nobody has touched for this long is forgotten; those that have it say so again in time. */
const KEPT_MS = 3_600_000;
const TELL_EVERY_MS = 900_000;
const TOLD_AT_ONCE = 500;

/**
 * Takes a place unless others that live, and this instance, have all: the counts of those that do not live are removed.
 * Keys: the places of somebody. Arguments: this instance, its count before, the limit, the prefix of the keys of those
 * that live, how long to live and to keep. Answers whether it took one, and whether Redis knew that this instance lives.
 */
const TAKE = `
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

/** Counts the connections to all instances together; while Redis is away each counts its own. */
export class RedisConnectionCounter extends ConnectionCounter {
  private readonly logger = new Logger(RedisConnectionCounter.name);
  private readonly here = new Map<string, number>();
  private readonly poller: Poller;
  private untilTold = TELL_EVERY_MS;

  constructor(
    private readonly redis: RedisConnection,
    private readonly prefix: string,
    private readonly instance: string,
  ) {
    super();
    this.poller = new Poller(
      SAY_EVERY_MS,
      () => this.sayAlive(),
      (error) => this.logger.error({ err: error }, 'The places of this instance could not be told'),
    );
  }

  /** Begins to say that this instance lives. */
  start(): void {
    this.poller.start();
  }

  /** Gives all places of this instance back. */
  async stop(): Promise<void> {
    await this.poller.stop();
    await this.redis.attempt('places', (redis) => redis.del(this.alive + this.instance));
  }

  async take(who: string, here: number, limit: number): Promise<boolean> {
    const key = this.key(who);
    const given = [this.instance, here, limit, this.alive, ALIVE_MS, KEPT_MS];
    const answer = await this.redis.attempt('places', (redis) => redis.eval(TAKE, 1, key, ...given));
    const [isTaken, isKnown] = Array.isArray(answer) ? (answer as unknown[]) : [];
    // Redis has forgotten: from here on it looks as if it had not.
    if (isKnown === 0) this.untilTold = 0;
    if (isTaken === 0) return false;
    this.here.set(who, here + 1);
    return true;
  }

  tell(who: string, here: number): void {
    if (here > 0) this.here.set(who, here);
    else this.here.delete(who);
    void this.redis.attempt('places', (redis) =>
      here > 0 ? redis.hset(this.key(who), this.instance, here) : redis.hdel(this.key(who), this.instance),
    );
  }

  /** Tells all again where Redis has forgotten, and before it does. */
  private async sayAlive(): Promise<void> {
    const before = await this.redis.attempt('places', (redis) =>
      redis.set(this.alive + this.instance, '1', 'PX', ALIVE_MS, 'GET'),
    );
    this.untilTold -= SAY_EVERY_MS;
    if (before === undefined || (before !== null && this.untilTold > 0)) return;
    this.untilTold = TELL_EVERY_MS;
    const all = [...this.here.keys()];
    for (let start = 0; start < all.length; start += TOLD_AT_ONCE) {
      await this.redis.attempt('places', (redis) => {
        const commands = redis.pipeline();
        for (const who of all.slice(start, start + TOLD_AT_ONCE)) {
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
