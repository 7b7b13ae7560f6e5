import https from 'node:https';
import { Semaphore } from '../../../lib/semaphore.js';
import type { WebPushReceiver } from './push-receiver.js';
import type { Notification } from '../../../domain/notifications/notification.js';
import type { PushSubscription } from '../../../domain/notifications/push-subscription.js';
import { wordingOf } from '../../../domain/notifications/notification-text.js';
import { failureOf, postHttp, type HttpAnswer, deliveryOf } from '../http/http-client.js';
import { Notifier, type Delivery, type NotifierContext } from '../notifier.js';
import { pushMessage, UnusableKeys, tagOf } from './push-message.js';
import { pushPayload, type PayloadOptions } from './push-payload.js';

/** The statuses that mean something else to push services than to other peers. */
const FINAL: Readonly<Record<number, string>> = {
  400: 'the push service does not understand the message',
  401: 'the push service does not take the VAPID keys',
  403: 'the VAPID keys are not those of the subscription',
  404: 'the subscription is gone',
  410: 'the subscription is gone',
  413: 'the message is too large, even with title and count alone',
};
const GONE = new Set([404, 410]);

/** The result of an attempt that the push service answered (RFC 8030, RFC 8292). */
export function pushDeliveryOf(answer: HttpAnswer): Delivery {
  const { status } = answer;
  const why = FINAL[status];
  if (why === undefined) return deliveryOf(answer);
  const failed = { outcome: 'failed', retryable: false, reason: `HTTP ${status}: ${why}` } as const;
  return GONE.has(status) ? { ...failed, isGone: true } : failed;
}

const TOO_LARGE = 413;
const UNUSABLE: Delivery = {
  outcome: 'failed',
  retryable: false,
  reason: 'the message cannot be made with the keys of the receiver and the subscription',
};

/**
 * Web Push to one device. A message that is too large for its push service is sent once more with title and count only.
 * Its fields are private even to `inspect`: the endpoint is a credential.
 */
export class WebPushNotifier extends Notifier {
  /** Every device has its own destination; push services ask for a pause where they want one. */
  readonly pauseMs = 0;
  readonly #receiver: WebPushReceiver;
  readonly #subscription: PushSubscription;
  readonly #context: NotifierContext;
  readonly #agent: https.Agent;
  readonly #ownsAgent: boolean;
  readonly #limiter: Semaphore;

  /**
   * A given `agent` is shared and stays open; without one the endpoint may be at a private address. `limiter` bounds the
   * attempts of the notifiers that share it: the time-out of an attempt begins when it has a slot.
   */
  constructor(
    receiver: WebPushReceiver,
    subscription: PushSubscription,
    context: NotifierContext,
    agent?: https.Agent,
    limiter = new Semaphore(1),
  ) {
    super();
    this.#receiver = receiver;
    this.#subscription = subscription;
    this.#context = context;
    this.#agent = agent ?? new https.Agent();
    this.#ownsAgent = agent === undefined;
    this.#limiter = limiter;
  }

  deliver(notification: Notification, signal: AbortSignal): Promise<Delivery> {
    return this.#limiter.run(() => this.#attempt(notification, signal), signal);
  }

  async #attempt(notification: Notification, signal: AbortSignal): Promise<Delivery> {
    const until = this.#context.clock.monotonic() + this.#receiver.timeoutMs;
    try {
      const answer = await this.#send(notification, 'whole', until, signal);
      if (answer.status !== TOO_LARGE) return pushDeliveryOf(answer);
      return pushDeliveryOf(await this.#send(notification, 'short', until, signal));
    } catch (error) {
      return error instanceof UnusableKeys ? UNUSABLE : failureOf(error, signal);
    }
  }

  override close(): Promise<void> {
    if (this.#ownsAgent) this.#agent.destroy();
    return Promise.resolve();
  }

  #send(
    notification: Notification,
    form: PayloadOptions['form'],
    until: number,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const { detail } = this.#receiver;
    const { clock, link } = this.#context;
    const tag = tagOf(notification, Buffer.from(this.#subscription.auth, 'base64url'));
    const message = pushMessage(this.#receiver, this.#subscription, {
      payload: pushPayload(notification, { detail, tag, link, form }),
      topic: tag,
      urgency: wordingOf(notification, detail).tone === 'critical' ? 'high' : 'normal',
    });
    const timeoutMs = Math.max(1, Math.ceil(until - clock.monotonic()));
    return postHttp({ ...message, timeoutMs, agent: this.#agent, signal }, clock);
  }
}
