import { WebhookNotifier } from '../../../src/delivery/channels/webhook/webhook.notifier.js';
import type { EgressOptions } from '../../../src/delivery/channels/http/egress-guard.js';
import type { WebhookReceiver } from '../../../src/delivery/channels/webhook/webhook-receiver.js';
import { Secret } from '../../../src/config/secret.js';
import { Clock } from '../../../src/lib/clock.js';

/** The secret of a receiver that has no other. */
export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 'new').toString('base64')}`;

export interface WebhookSettings extends Partial<WebhookReceiver> {
  readonly clock?: Clock;
  readonly egress?: EgressOptions;
}

/** Channels to servers on loopback; `close` closes them all. */
export class WebhookHarness {
  private readonly channels: WebhookNotifier[] = [];

  /** A channel that is told everything and may reach this machine, unless the settings say otherwise. */
  channelTo(
    url: string,
    { clock = new Clock(), egress, ...settings }: WebhookSettings = {},
  ): WebhookNotifier {
    const receiver: WebhookReceiver = {
      kind: 'webhook',
      name: 'automation',
      detail: 'full',
      retryMaxMs: 30_000,
      giveUpMs: 86_400_000,
      timeoutMs: 60_000,
      url: new Secret(url),
      secrets: [new Secret(WEBHOOK_SECRET)],
      allowPrivate: true,
      ...settings,
    };
    const channel = new WebhookNotifier(receiver, { clock, timezone: 'UTC' }, egress);
    this.channels.push(channel);
    return channel;
  }

  async close(): Promise<void> {
    await Promise.all(this.channels.splice(0).map((channel) => channel.close()));
  }
}
