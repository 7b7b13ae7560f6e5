import type { Agent } from 'node:https';
import { Semaphore } from '../../../lib/semaphore.js';
import { WEB_PUSH_FIELDS, webPushSchema, type WebPushReceiver } from './push-receiver.js';
import type { PushSubscription } from '../../../domain/notifications/push-subscription.js';
import { guardedAgent } from '../http/egress-guard.js';
import {
  severalOf,
  type ChannelKind,
  type DestinationSet,
  type Endpoint,
  type KindContext,
} from '../destinations.js';
import { WebPushNotifier } from './web-push.notifier.js';

/** Messages in delivery at once: encrypting and signing them keeps the processor busy. */
const AT_ONCE = 16;

interface Device {
  readonly subscription: PushSubscription;
  readonly endpoint: Endpoint;
}

/** Channels to browsers: a destination for each device that is subscribed. */
export const webPushKind: ChannelKind<WebPushReceiver> = {
  purpose: 'Every browser that subscribed gets a push notification.',
  fields: WEB_PUSH_FIELDS,
  schema: webPushSchema,
  open: (receivers, context) => new PushDestinations(receivers, context),
};

/** The devices that are subscribed at this moment, each a destination of its receiver. */
class PushDestinations implements DestinationSet {
  private readonly agents: { readonly any: Agent; readonly public: Agent };
  private readonly limiter = new Semaphore(AT_ONCE);
  private devices: ReadonlyMap<string, Device> = new Map();

  constructor(
    private readonly receivers: readonly WebPushReceiver[],
    private readonly context: KindContext,
  ) {
    this.agents = { any: guardedAgent('https:', true), public: guardedAgent('https:', false) };
  }

  /** A device with new keys is another object; one with the same keys is the same object. Throws StorageError. */
  async all(): Promise<readonly Endpoint[]> {
    const { subscriptions } = this.context;
    const lists = await Promise.all(
      this.receivers.map(async (receiver) => ({ receiver, kept: await subscriptions.list(receiver.name) })),
    );
    const devices = lists.flatMap(({ receiver, kept }) => kept.map((one) => this.device(receiver, one)));
    this.devices = new Map(devices.map((device) => [device.subscription.id, device]));
    return devices.map(({ endpoint }) => endpoint);
  }

  async forget(endpoint: Endpoint): Promise<void> {
    const { subscriptions } = this.context;
    for (const [id, device] of this.devices) if (device.endpoint === endpoint) await subscriptions.remove(id);
  }

  close(): Promise<void> {
    this.agents.any.destroy();
    this.agents.public.destroy();
    return Promise.resolve();
  }

  private device(receiver: WebPushReceiver, subscription: PushSubscription): Device {
    const known = this.devices.get(subscription.id);
    return known && isSame(known.subscription, subscription)
      ? known
      : { subscription, endpoint: this.endpointOf(receiver, subscription) };
  }

  private endpointOf(receiver: WebPushReceiver, subscription: PushSubscription): Endpoint {
    const agent = receiver.allowPrivate ? this.agents.any : this.agents.public;
    const notifier = new WebPushNotifier(receiver, subscription, this.context, agent, this.limiter);
    return severalOf(receiver, subscription.id, notifier);
  }
}

function isSame(one: PushSubscription, other: PushSubscription): boolean {
  return one.endpoint === other.endpoint && one.p256dh === other.p256dh && one.auth === other.auth;
}
