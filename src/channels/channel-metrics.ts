import { Injectable } from '@nestjs/common';
import type { ReceiverConfig } from '../config/channels-config.js';
import { Metrics } from '../metrics/metrics.js';

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

  /** How far a receiver is behind the head of the log. */
  lag({ name, kind }: Receiver, events: number): void {
    this.metrics.channelLag.set({ receiver: name, kind }, events);
  }
}
