import type { AlertMessage } from './alert-messages.js';
import type { FeedChunk } from './alert-feed.js';
import type { FrameEncoding } from './frame-encoding.js';
import type { Metrics } from '../metrics/metrics.js';

/**
 * Counts what is written to the subscribers of one channel. It runs once for each write to each subscriber, so it adds
 * up by itself and gives the sums to the metrics when they are read.
 */
export class DeliveryMeter {
  private readonly sent = new Map<AlertMessage['type'], number>();

  constructor(
    private readonly metrics: Metrics,
    private readonly channel: FrameEncoding['name'],
    private readonly now: () => number,
  ) {
    metrics.beforeScrape(() => this.tell());
  }

  /** A chunk was written to a subscriber; `isLive` unless the subscriber is catching up with the past. */
  record({ types, oldestAt }: FeedChunk, isLive: boolean): void {
    for (const [type, count] of types) this.sent.set(type, (this.sent.get(type) ?? 0) + count);
    if (isLive && oldestAt !== undefined)
      this.metrics.appendToSocket.observe(Math.max(0, this.now() - oldestAt) / 1_000);
  }

  private tell(): void {
    for (const [type, count] of this.sent)
      this.metrics.alertsSent.inc({ type, channel: this.channel }, count);
    this.sent.clear();
  }
}
