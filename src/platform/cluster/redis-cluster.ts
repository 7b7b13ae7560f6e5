import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { LocalMinuteCounts } from '../auth/rate-counter.js';
import { LocalTicketStore } from '../auth/ticket-store.js';
import { Clock } from '../../lib/clock.js';
import type { RedisConfig } from '../../config/config.js';
import { Degradations } from '../observability/degradations.js';
import { ThisInstance } from './this-instance.js';
import { Metrics } from '../observability/metrics.js';
import { HeadHints } from '../../alerting/log/redis-wakeups.js';
import { RedisConnection, type ConnectionName } from './redis-connection.js';
import { RedisMinuteCounts } from './redis-rate-counter.js';
import { RedisSharedPlaces } from './redis-connection-counter.js';
import { RedisTicketStore } from './redis-ticket-store.js';

/** What the instances share by Redis, on two connections: one that asks, and one that listens. */
@Injectable()
export class SharedRedis implements OnModuleInit, OnApplicationShutdown {
  readonly minuteCounts: RedisMinuteCounts;
  readonly places: RedisSharedPlaces;
  readonly tickets: RedisTicketStore;
  private readonly connections: readonly RedisConnection[];
  private readonly hints: HeadHints;

  constructor(
    config: RedisConfig,
    clock: Clock,
    metrics: Metrics,
    private readonly degradations: Degradations,
    log: AlertLog,
    instance: ThisInstance,
  ) {
    const { prefix } = config;
    const connect = (name: ConnectionName) => new RedisConnection(name, config, clock, metrics, Math.random);
    const [commands, hints] = [connect('commands'), connect('hints')];
    this.connections = [commands, hints];
    this.minuteCounts = new RedisMinuteCounts(commands, prefix, new LocalMinuteCounts());
    this.places = new RedisSharedPlaces(commands, prefix, instance.id);
    // Two installations have logs of their own, which did not begin in the same millisecond.
    const installation = () => String(log.origin);
    this.tickets = new RedisTicketStore(commands, prefix, installation, clock, new LocalTicketStore(clock));
    this.hints = new HeadHints(log, commands, hints, prefix, metrics);
  }

  onModuleInit(): void {
    this.hints.start();
    for (const connection of this.connections) {
      connection.start();
      this.degradations.watch('redis', () => !connection.isUp);
    }
    this.places.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.hints.stop();
    await this.places.stop();
    for (const connection of this.connections) await connection.stop();
  }
}
