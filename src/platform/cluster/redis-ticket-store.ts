import { TicketStore, type Issued, type LocalTicketStore } from '../auth/ticket-store.js';
import type { Clock } from '../../lib/clock.js';
import { RedisUnavailableError, type RedisConnection } from './redis-connection.js';

/**
 * Keeps tickets in Redis, where every instance finds them; `GETDEL` gives each ticket to one caller. A ticket is in exactly
 * one store: one that is issued without Redis is in the memory of this process and valid at this instance only. A ticket of
 * one installation is not valid at another one that uses the same Redis.
 */
export class RedisTicketStore extends TicketStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly prefix: string,
    /** The id of this installation, the same for all its instances. */
    private readonly installation: () => string,
    private readonly clock: Clock,
    private readonly local: LocalTicketStore,
  ) {
    super();
  }

  async put(name: string, issued: Issued): Promise<'kept' | 'full' | 'unsure'> {
    const life = Math.max(1, Math.ceil(issued.expiresAt - this.clock.now()));
    try {
      await this.redis.run('tickets', (redis) =>
        redis.set(this.key(name), JSON.stringify(issued), 'PX', life),
      );
      return 'kept';
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      return error.wasSent ? 'unsure' : this.local.put(name, issued);
    }
  }

  async take(name: string): Promise<Issued | undefined> {
    const here = await this.local.take(name);
    if (here) return here;
    // Without an answer the ticket may be used up. The client then requests another one.
    const text = (await this.redis.attempt('tickets', (redis) => redis.getdel(this.key(name)))) ?? undefined;
    return text === undefined ? undefined : (JSON.parse(text) as Issued);
  }

  private key(name: string): string {
    return `${this.prefix}ticket:${this.installation()}:${name}`;
  }
}
