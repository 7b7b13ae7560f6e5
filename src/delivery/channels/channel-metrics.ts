import { Injectable } from '@nestjs/common';
import type { ReceiverConfig } from '../../config/channels-config.js';
import { Metrics } from '../../platform/observability/metrics.js';

type Receiver = Pick<ReceiverConfig, 'name' | 'kind'>;

/** The metrics of channels, by receiver: the names come from a short file. */
@Injectable()
export class ChannelMetrics {
  constructor(private readonly metrics: Metrics) {}

  /** One attempt at a message. */
  attempted({ name, kind }: Receiver, outcome: 'delivered' | 'failed'): void {
    this.metrics.notifications.inc({ receiver: name, kind, outcome });
  }

  /** A message became a dead letter. */
  deadLettered({ name, kind }: Receiver): void {
    this.metrics.deadLetters.inc({ receiver: name, kind });
  }

  /** Events were trimmed before they could be sent. */
  lost({ name, kind }: Receiver, events: number): void {
    this.metrics.suppressedEvents.inc({ receiver: name, kind }, events);
  }

  /** Sets how far receivers are behind the head of the log: of each its slowest destination. Removes all others. */
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
