import type { Agent } from 'node:https';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../../lib/clock.js';
import { Semaphore } from '../../../lib/semaphore.js';
import type { WebPushReceiver } from '../../../config/channels-config.js';
import { Config } from '../../../config/config.js';
import type { PushSubscription } from '../../../domain/notifications/push-subscription.js';
import { PushSubscriptionStore } from '../../../storage/ports/push-subscription.store.js';
import { contextOf, type NotifierContext } from '../notifier-context.js';
import { guardedAgent } from '../http/egress-guard.js';
import { severalOf, type Endpoint } from '../destinations.js';
import { PushReceivers } from './push-subscriptions.js';
import { WebPushNotifier } from './web-push.notifier.js';

/** Messages on their way at once: what is encrypted and signed for them keeps the processor busy. */
const AT_ONCE = 16;

interface Device {
  readonly subscription: PushSubscription;
  readonly endpoint: Endpoint;
}

/** The devices that are subscribed at this moment, each a destination of its receiver. */
@Injectable()
export class PushDestinations {
  private readonly context: NotifierContext;
  private readonly agents: { readonly any: Agent; readonly public: Agent };
  private readonly places = new Semaphore(AT_ONCE);
  private devices: ReadonlyMap<string, Device> = new Map();

  constructor(
    private readonly receivers: PushReceivers,
    @Inject(PushSubscriptionStore) private readonly store: PushSubscriptionStore,
    config: Config,
    clock: Clock,
  ) {
    this.context = contextOf(config, clock);
    this.agents = { any: guardedAgent('https:', true), public: guardedAgent('https:', false) };
  }

  /** A device that gave itself new keys is another object; one that did not is the same. Throws StorageError. */
  async all(): Promise<readonly Endpoint[]> {
    const lists = await Promise.all(
      this.receivers.all.map(async (receiver) => ({ receiver, kept: await this.store.list(receiver.name) })),
    );
    const devices = lists.flatMap(({ receiver, kept }) => kept.map((one) => this.device(receiver, one)));
    this.devices = new Map(devices.map((device) => [device.subscription.id, device]));
    return devices.map(({ endpoint }) => endpoint);
  }

  /** Forgets a device that its push service calls gone. Throws StorageError. */
  async remove(endpoint: Endpoint): Promise<void> {
    for (const [id, device] of this.devices) if (device.endpoint === endpoint) await this.store.remove(id);
  }

  /** Ends the connections to push services. */
  close(): void {
    this.agents.any.destroy();
    this.agents.public.destroy();
  }

  private device(receiver: WebPushReceiver, subscription: PushSubscription): Device {
    const known = this.devices.get(subscription.id);
    return known && isSame(known.subscription, subscription)
      ? known
      : { subscription, endpoint: this.endpointOf(receiver, subscription) };
  }

  private endpointOf(receiver: WebPushReceiver, subscription: PushSubscription): Endpoint {
    const agent = receiver.allowPrivate ? this.agents.any : this.agents.public;
    return severalOf(
      receiver,
      subscription.id,
      new WebPushNotifier(receiver, subscription, this.context, agent, this.places),
    );
  }
}

function isSame(one: PushSubscription, other: PushSubscription): boolean {
  return one.endpoint === other.endpoint && one.p256dh === other.p256dh && one.auth === other.auth;
}
