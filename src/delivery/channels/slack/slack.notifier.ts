import type { ReceiverConfig } from '../../../config/channels-config.js';
import { field } from '../../../config/file-schema.js';
import { commonOf, hookAddressField, receiverMapping } from '../../../config/receivers.js';
import type { Secret } from '../../../config/secret.js';
import type { Notification } from '../../../domain/notifications/notification.js';
import { ZonedTime } from '../../../lib/zoned-time.js';
import type { ChatContext } from '../http/chat-text.js';
import { type HttpAnswer, deliveryOf } from '../http/http-client.js';
import { namedDestinations, onlyOf, type ChannelKind } from '../destinations.js';
import { Notifier, type Delivery, type NotifierContext } from '../notifier.js';
import { IncomingWebhook } from '../http/incoming-webhook.js';
import { slackMessage } from './slack-message.js';

/** The app was removed or lost its permission, or the channel is archived or deleted: an operator must repair it. */
const GONE = new Set([403, 404, 410]);

export interface SlackReceiver extends ReceiverConfig {
  readonly kind: 'slack';
  readonly url: Secret;
}

/** Writes to one Slack channel, through its incoming webhook. */
export class SlackNotifier extends Notifier {
  /** Slack accepts one message a second. */
  override readonly pauseMs = 1_000;
  private readonly hook: IncomingWebhook;
  private readonly chat: ChatContext;

  /** Throws when the URL is none, or the time zone unknown. */
  constructor(
    private readonly receiver: SlackReceiver,
    context: NotifierContext,
  ) {
    super();
    this.hook = new IncomingWebhook(receiver, context.clock);
    this.chat = { time: new ZonedTime(context.timezone), link: context.link };
  }

  deliver(notification: Notification, signal: AbortSignal): Promise<Delivery> {
    const message = slackMessage(notification, this.receiver.detail, this.chat);
    return this.hook.post(message, signal, slackDelivery);
  }

  override close(): Promise<void> {
    this.hook.close();
    return Promise.resolve();
  }
}

const FIELDS = { url: field(hookAddressField(), 'The address of an incoming webhook of Slack.') };

/** A channel of Slack, by an incoming webhook. */
export const slackKind: ChannelKind<SlackReceiver> = {
  purpose: 'A channel of Slack gets messages, at most one a second.',
  fields: FIELDS,
  schema: (common) =>
    receiverMapping(common, 'slack', FIELDS).transform((raw): SlackReceiver => ({
      ...commonOf(raw),
      kind: 'slack',
      url: raw.url,
    })),
  open: (receivers, context) =>
    namedDestinations(receivers.map((receiver) => onlyOf(receiver, new SlackNotifier(receiver, context)))),
};

/** What Slack's answer means. */
function slackDelivery(answer: HttpAnswer): Delivery {
  const delivery = deliveryOf(answer);
  if (delivery.outcome === 'delivered') {
    if (answer.status === 200) return delivery;
    // Slack answers 200 and nothing else. Any other 2xx is not from Slack, and no one was notified.
    return { outcome: 'failed', retryable: false, reason: `HTTP ${answer.status}` };
  }
  return GONE.has(answer.status) ? { ...delivery, isGone: true } : delivery;
}
