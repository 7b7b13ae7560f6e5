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
import { teamsCard } from './teams-card.js';

/** The workflow was deleted or its address replaced: an operator must repair it. */
const GONE = new Set([404, 410]);

export interface TeamsReceiver extends ReceiverConfig {
  readonly kind: 'teams';
  readonly url: Secret;
}

/**
 * Writes to one Microsoft Teams channel, through a workflow that starts when a webhook request is received. Delivered
 * means that the workflow has accepted the card; it does not report what it does with the card.
 */
export class TeamsNotifier extends Notifier {
  /** Teams accepts four messages a second. */
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

const FIELDS = {
  url: field(
    hookAddressField(),
    'The address of a Workflows webhook of Teams ("When a Teams webhook request is received").',
  ),
};

/** A channel of Microsoft Teams, by a workflow. */
export const teamsKind: ChannelKind<TeamsReceiver> = {
  purpose: 'A channel of Microsoft Teams gets Adaptive Cards.',
  fields: FIELDS,
  schema: (common) =>
    receiverMapping(common, 'teams', FIELDS).transform((raw): TeamsReceiver => ({
      ...commonOf(raw),
      kind: 'teams',
      url: raw.url,
    })),
  open: (receivers, context) =>
    namedDestinations(receivers.map((receiver) => onlyOf(receiver, new TeamsNotifier(receiver, context)))),
};

/** What the answer of a workflow means. */
function teamsDelivery(answer: HttpAnswer): Delivery {
  const delivery = deliveryOf(answer);
  return delivery.outcome === 'failed' && GONE.has(answer.status) ? { ...delivery, isGone: true } : delivery;
}
