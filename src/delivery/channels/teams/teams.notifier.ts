import type { TeamsReceiver } from '../../../config/channels-config.js';
import type { Notification } from '../../../domain/notifications/notification.js';
import { ZonedTime } from '../../../lib/zoned-time.js';
import type { NotifierContext } from '../notifier-context.js';
import type { ChatContext } from '../http/chat-text.js';
import { type HttpAnswer, deliveryOf } from '../http/http-client.js';
import { Notifier, type Delivery } from '../notifier.js';
import { IncomingWebhook } from '../http/incoming-webhook.js';
import { teamsCard } from './teams-card.js';

/** The workflow was deleted or its address replaced: people must mend it. */
const GONE = new Set([404, 410]);

/**
 * Writes to one Microsoft Teams channel, by a workflow that starts when a webhook request is received. Delivered means
 * that the workflow has accepted the card; what it does with it, it tells nobody.
 */
export class TeamsNotifier extends Notifier {
  /** Teams takes four messages a second. */
  override readonly pauseMs = 250;
  private readonly hook: IncomingWebhook;
  private readonly chat: ChatContext;

  /** Throws when the URL is none, or the time zone unknown. */
  constructor(
    private readonly receiver: TeamsReceiver,
    context: NotifierContext,
  ) {
    super();
    this.hook = new IncomingWebhook(receiver, context.clock);
    this.chat = { time: new ZonedTime(context.timezone), link: context.link };
  }

  deliver(notification: Notification, signal: AbortSignal): Promise<Delivery> {
    const card = teamsCard(notification, this.receiver.detail, this.chat);
    return this.hook.post(card, signal, teamsDelivery);
  }

  override close(): Promise<void> {
    this.hook.close();
    return Promise.resolve();
  }
}

/** What the answer of a workflow means. */
function teamsDelivery(answer: HttpAnswer): Delivery {
  const delivery = deliveryOf(answer);
  return delivery.outcome === 'failed' && GONE.has(answer.status) ? { ...delivery, isGone: true } : delivery;
}
