import type { SlackReceiver } from '../../../config/channels-config.js';
import type { Notification } from '../../../domain/notifications/notification.js';
import { ZonedTime } from '../../../lib/zoned-time.js';
import type { NotifierContext } from '../notifier-context.js';
import type { ChatContext } from '../http/chat-text.js';
import { type HttpAnswer, deliveryOf } from '../http/http-client.js';
import { Notifier, type Delivery } from '../notifier.js';
import { IncomingWebhook } from '../http/incoming-webhook.js';
import { slackMessage } from './slack-message.js';

/** The app was removed, may not write there any more, or the channel is archived or deleted: people must mend it. */
const GONE = new Set([403, 404, 410]);

/** Writes to one Slack channel, by its incoming webhook. */
export class SlackNotifier extends Notifier {
  /** Slack takes one message a second. */
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

/** What Slack's answer means. */
function slackDelivery(answer: HttpAnswer): Delivery {
  const delivery = deliveryOf(answer);
  if (delivery.outcome === 'delivered') {
    if (answer.status === 200) return delivery;
    // Slack says 200 and nothing else. What says otherwise is not Slack, and has told nobody.
    return { outcome: 'failed', retryable: false, reason: `HTTP ${answer.status}` };
  }
  return GONE.has(answer.status) ? { ...delivery, isGone: true } : delivery;
}
