import type { LogMessage } from '../../domain/alerts/alert-message.js';
import type { FrameChunk } from './frame-cache.js';
import type { FrameEncoding } from './frame-encoding.js';
import type { Metrics } from '../../platform/observability/metrics.js';

/**
 * Counts what is written to the subscribers of one channel. It runs for each write to each subscriber: many get the same
 * chunk within a millisecond, so it counts these and does the rest once for all of them.
 */
export class DeliveryMeter {
  private readonly sent = new Map<LogMessage['type'], number>();
  /** The chunks written at the same time, and how many subscribers got each: every scope gets another chunk. */
  private readonly times = new Map<FrameChunk, number>();
  private isLive = false;
  private at = 0;

  constructor(
    private readonly metrics: Metrics,
    private readonly channel: FrameEncoding['name'],
    private readonly now: () => number,
  ) {
    metrics.beforeScrape(() => this.report());
  }

  /** A chunk was written to a subscriber; `isLive` unless the subscriber is catching up with the past. */
  record(chunk: FrameChunk, isLive: boolean): void {
    const at = this.now();
    if (isLive !== this.isLive || at !== this.at) {
      this.addUp();
      this.isLive = isLive;
      this.at = at;
    }
    this.times.set(chunk, (this.times.get(chunk) ?? 0) + 1);
  }

  private addUp(): void {
    for (const [chunk, times] of this.times) this.addChunk(chunk, times);
    this.times.clear();
  }

  private addChunk({ types, oldestAt }: FrameChunk, times: number): void {
    for (const [type, count] of types) this.sent.set(type, (this.sent.get(type) ?? 0) + count * times);
    if (!this.isLive || oldestAt === undefined) return;
    const seconds = Math.max(0, this.at - oldestAt) / 1_000;
    for (let time = 0; time < times; time += 1) this.metrics.appendToSocket.observe(seconds);
  }

  private report(): void {
    this.addUp();
    for (const [type, count] of this.sent)
      this.metrics.alertsSent.inc({ type, channel: this.channel }, count);
    this.sent.clear();
  }
}
