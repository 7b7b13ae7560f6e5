import { Injectable, type OnApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LocalRateCounter } from '../auth/rate-counter.js';
import { LocalTicketStore } from '../auth/ticket-store.js';
import { Clock } from '../../lib/clock.js';
import type { RedisConfig } from '../../config/config.js';
import { Degradations } from '../observability/degradations.js';
import { ThisInstance } from './this-instance.js';
import { Metrics } from '../observability/metrics.js';
import { RedisConnection, type ConnectionName } from './redis-connection.js';
import { RedisRateCounter } from './redis-rate-counter.js';
import { RedisConnectionCounter } from './redis-connection-counter.js';
import { RedisTicketStore } from './redis-ticket-store.js';

/**
 * The state that the instances of one installation share through Redis, on two connections: `commands` for commands and
 * `wakeups` for subscriptions. Connecting begins when every module has registered its listeners; the start never waits.
 */
@Injectable()
export class RedisCluster implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly rateCounter: RedisRateCounter;
  readonly connectionCounter: RedisConnectionCounter;
  readonly tickets: RedisTicketStore;
  readonly commands: RedisConnection;
  readonly wakeups: RedisConnection;
  /** The prefix of every key and channel. */
  readonly prefix: string;
  private installation: (() => string) | undefined;

  constructor(
    config: RedisConfig,
    clock: Clock,
    metrics: Metrics,
    private readonly degradations: Degradations,
    instance: ThisInstance,
  ) {
    const { prefix } = config;
    const connect = (name: ConnectionName) => new RedisConnection(name, config, clock, metrics, Math.random);
    this.prefix = prefix;
    this.commands = connect('commands');
    this.wakeups = connect('hints');
    this.rateCounter = new RedisRateCounter(this.commands, prefix, new LocalRateCounter());
    this.connectionCounter = new RedisConnectionCounter(this.commands, prefix, instance.id);
    const installation = () => this.installationId();
    this.tickets = new RedisTicketStore(
      this.commands,
      prefix,
      installation,
      clock,
      new LocalTicketStore(clock),
    );
  }

  /** Sets the id of this installation: the same for all its instances, and different from others on the same Redis. */
  identifyBy(installation: () => string): void {
    this.installation = installation;
  }

  onApplicationBootstrap(): void {
    for (const connection of [this.commands, this.wakeups]) {
      connection.start();
      this.degradations.watch('redis', () => !connection.isUp);
    }
    this.connectionCounter.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connectionCounter.stop();
    await this.commands.stop();
    await this.wakeups.stop();
  }

  private installationId(): string {
    if (!this.installation) throw new Error('Call identifyBy before a ticket is issued');
    return this.installation();
  }
}
