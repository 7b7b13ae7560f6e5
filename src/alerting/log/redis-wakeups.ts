import { Injectable, Logger, Optional, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RedisCluster } from '../../platform/cluster/redis-cluster.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { AlertLog } from './alert-log.js';

/** The pause after Redis refused the subscription, as it does to a user without permission for the channel. */
const REFUSED_MS = 5_000;

/**
 * Publishes that the alert log has grown, and refreshes the log when another instance publishes so. A wake-up that is
 * lost, late or wrong costs latency and nothing else: every instance also polls. Does nothing without Redis.
 */
@Injectable()
export class RedisWakeups implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RedisWakeups.name);
  private isDue = false;
  private refreshing: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    private readonly log: AlertLog,
    private readonly metrics: Metrics,
    @Optional() private readonly redis?: RedisCluster,
  ) {}

  onModuleInit(): void {
    const { log, redis } = this;
    if (!redis) return;
    // Each installation has its own log, and no two began in the same millisecond.
    redis.identifyBy(() => String(log.origin));
    log.onAppended((head) => void this.publish(redis, head));
    redis.wakeups.onMessage((text) => this.received(text));
    redis.wakeups.onReady(() => void this.subscribe(redis));
  }

  /** Resolves when no refresh is under way, and none will follow. */
  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    await this.refreshing;
  }

  private async publish(redis: RedisCluster, head: number): Promise<void> {
    const sent = await redis.commands.attempt('hints', (client) =>
      client.publish(channelOf(redis), String(head)),
    );
    if (sent !== undefined) this.metrics.headHints.inc({ direction: 'sent' });
  }

  private async subscribe(redis: RedisCluster): Promise<void> {
    const channels = await redis.wakeups.attempt('hints', (client) => client.subscribe(channelOf(redis)));
    // A refused subscription needs another connection; an accepted one may have missed what came before it.
    if (channels === undefined) setTimeout(() => redis.wakeups.renew(), REFUSED_MS).unref();
    else this.refresh();
  }

  private received(text: string): void {
    this.metrics.headHints.inc({ direction: 'received' });
    if (Number(text) > this.log.head) this.refresh();
  }

  /** Any number of wake-ups during one refresh cause one further refresh. */
  private refresh(): void {
    this.isDue = true;
    this.refreshing ??= this.refreshWhileDue().finally(() => (this.refreshing = undefined));
  }

  private async refreshWhileDue(): Promise<void> {
    while (this.isDue && !this.isStopped) {
      this.isDue = false;
      await this.log
        .refresh()
        .catch((error: unknown) =>
          this.logger.debug({ err: error }, 'The log could not be read after a wake-up'),
        );
    }
  }
}

function channelOf({ prefix }: RedisCluster): string {
  return `${prefix}head`;
}
