import { Logger } from '@nestjs/common';
import type { AlertLog } from './alert-log.js';
import type { Metrics } from '../../platform/observability/metrics.js';
import type { RedisConnection } from '../../platform/cluster/redis-connection.js';

/** Where Redis refuses to tell (as to a user without the channel) it is asked again after this long. */
const REFUSED_MS = 5_000;

/**
 * Tells the other instances that the alert log has grown, and looks when they say so. A hint that is lost, late or wrong
 * costs time and nothing else: everybody also looks by itself every so often.
 */
export class HeadHints {
  private readonly logger = new Logger(HeadHints.name);
  private isDue = false;
  private looking: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    private readonly log: AlertLog,
    private readonly commands: RedisConnection,
    private readonly hints: RedisConnection,
    private readonly prefix: string,
    private readonly metrics: Metrics,
  ) {}

  /** Begins to tell and to listen. */
  start(): void {
    this.log.onAppended((head) => void this.tell(head));
    this.hints.onMessage((text) => this.hear(text));
    this.hints.onReady(() => void this.subscribe());
  }

  /** Resolves when no look is under way, and none will follow. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.looking;
  }

  private get channel(): string {
    return `${this.prefix}head`;
  }

  private async tell(head: number): Promise<void> {
    const heard = await this.commands.attempt('hints', (redis) => redis.publish(this.channel, String(head)));
    if (heard !== undefined) this.metrics.headHints.inc({ direction: 'sent' });
  }

  private async subscribe(): Promise<void> {
    const channels = await this.hints.attempt('hints', (redis) => redis.subscribe(this.channel));
    // What was said while nobody listened; or another connection, on which this may be heard.
    if (channels === undefined) setTimeout(() => this.hints.renew(), REFUSED_MS).unref();
    else this.look();
  }

  private hear(text: string): void {
    this.metrics.headHints.inc({ direction: 'received' });
    if (Number(text) > this.log.head) this.look();
  }

  /** Many hints while one look is under way are one look more. */
  private look(): void {
    this.isDue = true;
    this.looking ??= this.lookWhileDue().finally(() => (this.looking = undefined));
  }

  private async lookWhileDue(): Promise<void> {
    while (this.isDue && !this.isStopped) {
      this.isDue = false;
      await this.log
        .refresh()
        .catch((error: unknown) =>
          this.logger.debug({ err: error }, 'The log could not be read after a hint'),
        );
    }
  }
}
