import type { Agent } from 'node:http';
import { WEBHOOK_FIELDS, webhookSchema, type WebhookReceiver } from './webhook-receiver.js';
import { egressProblem } from '../../../domain/notifications/egress-policy.js';
import type { Notification } from '../../../domain/notifications/notification.js';
import { parseWebhookSecret } from '../../../domain/notifications/webhook-secret.js';
import { ZonedTime } from '../../../lib/zoned-time.js';
import { EgressRefusedError, guardedAgent, type EgressOptions } from '../http/egress-guard.js';
import { failureOf, postHttp } from '../http/http-client.js';
import { namedDestinations, onlyOf, type ChannelKind } from '../destinations.js';
import { Notifier, type Delivery, type NotifierContext } from '../notifier.js';
import { webhookBody, type BodyOptions } from './webhook-body.js';
import { webhookDelivery } from './webhook-status.js';
import { createHmac } from 'node:crypto';

const NOT_ALLOWED = 'address not allowed';

/**
 * Calls one receiver according to Standard Webhooks 1.0.0. Every attempt of a notification has the same id and body, and
 * its own time and signature. It reaches public https addresses only, unless the receiver has `allowPrivate`.
 */
export class WebhookNotifier extends Notifier {
  override readonly audience = 'program';
  override readonly pauseMs = 0;
  // Private even to inspect(): an agent names the hosts it is connected to.
  readonly #url: URL;
  readonly #isAllowed: boolean;
  readonly #agent: Agent;
  readonly #keys: readonly Uint8Array[];
  readonly #body: BodyOptions;

  /** Throws when a secret is not what {@link parseWebhookSecret} reads, or the URL is none. */
  constructor(
    private readonly receiver: WebhookReceiver,
    private readonly context: NotifierContext,
    egress?: EgressOptions,
  ) {
    super();
    const address = receiver.url.reveal();
    this.#url = urlOf(address, receiver.name);
    this.#isAllowed = egressProblem(address, receiver.allowPrivate) === undefined;
    this.#agent = guardedAgent(this.#url.protocol, receiver.allowPrivate, egress);
    this.#keys = receiver.secrets.map((secret) => keyOf(secret.reveal(), receiver.name));
    this.#body = { detail: receiver.detail, time: new ZonedTime(context.timezone), link: context.link };
  }

  async deliver(notification: Notification, signal: AbortSignal): Promise<Delivery> {
    signal.throwIfAborted();
    // The address does not change: no attempt can succeed.
    if (!this.#isAllowed) return { outcome: 'failed', retryable: false, reason: NOT_ALLOWED };
    const { clock } = this.context;
    const body = JSON.stringify(webhookBody(notification, this.#body));
    try {
      const answer = await postHttp(
        {
          url: this.#url,
          headers: this.headers(notification.id, body),
          body,
          timeoutMs: this.receiver.timeoutMs,
          agent: this.#agent,
          signal,
        },
        clock,
      );
      return webhookDelivery(answer);
    } catch (error) {
      const failure = failureOf(error, signal);
      if (!(error instanceof EgressRefusedError)) return failure;
      // Retried: a name may resolve to a private address for a moment only (split DNS, a resolver that starts), and no
      // alert may be lost to that. Nothing is sent to the private address, however often it is tried.
      return { outcome: 'failed', retryable: true, reason: NOT_ALLOWED };
    }
  }

  override close(): Promise<void> {
    this.#agent.destroy();
    return Promise.resolve();
  }

  private headers(id: string, body: string): Record<string, string> {
    const timestamp = Math.floor(this.context.clock.now() / 1_000);
    return {
      'Content-Type': 'application/json',
      'User-Agent': 'Pulsewatch',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': webhookSignature({ id, timestamp, body }, this.#keys),
    };
  }
}

/** Channels to programs: a destination for each receiver. */
export const webhookKind: ChannelKind<WebhookReceiver> = {
  purpose:
    'A program of yours gets every event, one a call, in the form of Standard Webhooks. It must be reachable at a public https address, unless `allow_private` is true.',
  fields: WEBHOOK_FIELDS,
  schema: webhookSchema,
  open: (receivers, context) =>
    namedDestinations(receivers.map((receiver) => onlyOf(receiver, new WebhookNotifier(receiver, context)))),
};

function urlOf(address: string, receiver: string): URL {
  // The error of the constructor would hold the whole address.
  if (!URL.canParse(address)) throw new Error(`The url of receiver ${receiver} is none.`);
  return new URL(address);
}

function keyOf(secret: string, receiver: string): Uint8Array {
  const key = parseWebhookSecret(secret);
  if (key === undefined)
    throw new Error(`A secret of receiver ${receiver} is not of the form whsec_<base64>.`);
  return key;
}

/** What is signed: the id and the body stay over all attempts, the time is that of this one. */
interface SignedContent {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The header `webhook-signature` of Standard Webhooks 1.0.0: one signature for each key, in their order, so that a
 * receiver finds the one it knows while a secret is replaced.
 */
export function webhookSignature(
  { id, timestamp, body }: SignedContent,
  keys: readonly Uint8Array[],
): string {
  const content = `${id}.${timestamp}.${body}`;
  return keys.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`).join(' ');
}
