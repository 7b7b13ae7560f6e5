import { Injectable } from '@nestjs/common';
import type { ReceiverConfig } from '../../config/channels-config.js';
import { Metrics } from '../../platform/observability/metrics.js';

type Receiver = Pick<ReceiverConfig, 'name' | 'kind'>;

/** What channels count, by receiver: their names come from a short file. */
@Injectable()
export class ChannelMetrics {
  constructor(private readonly metrics: Metrics) {}

  /** One attempt at a message. */
  attempted({ name, kind }: Receiver, outcome: 'delivered' | 'failed'): void {
    this.metrics.notifications.inc({ receiver: name, kind, outcome });
  }

  /** A message became a dead letter. */
  buried({ name, kind }: Receiver): void {
    this.metrics.deadLetters.inc({ receiver: name, kind });
  }

  /** Events were trimmed before they could be told. */
  lost({ name, kind }: Receiver, events: number): void {
    this.metrics.untoldEvents.inc({ receiver: name, kind }, events);
  }

  /** How far receivers are behind the head of the log: of each the destination that is furthest. Others are forgotten. */
  lags(destinations: Iterable<{ readonly receiver: Receiver; readonly events: number }>): void {
    const furthest = new Map<string, { kind: string; events: number }>();
    for (const { receiver, events } of destinations) {
      const { kind, name } = receiver;
      furthest.set(name, { kind, events: Math.max(events, furthest.get(name)?.events ?? 0) });
    }
    this.metrics.channelLag.reset();
    for (const [receiver, { kind, events }] of furthest)
      this.metrics.channelLag.set({ receiver, kind }, events);
  }
}
