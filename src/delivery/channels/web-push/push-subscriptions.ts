import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../../lib/clock.js';
import { Mutex } from '../../../lib/mutex.js';
import type { Caller } from '../../../domain/access/access.js';
import { roomFor, type PushSubscription } from '../../../domain/notifications/push-subscription.js';
import { PushSubscriptionStore } from '../../../storage/ports/push-subscription.store.js';
import { ChannelSupervisor } from '../supervisor.js';
import { isWebPushReceiver, type WebPushReceiver } from './push-receiver.js';
import { Config } from '../../../config/config.js';

/** The receivers of the channels file that devices can subscribe to. */
@Injectable()
export class PushReceivers {
  /** In the order of the file. */
  readonly all: readonly WebPushReceiver[];

  constructor(config: Config) {
    this.all = (config.channels?.receivers ?? []).filter(isWebPushReceiver);
  }

  /** The receiver of this name, or undefined. */
  find(name: string): WebPushReceiver | undefined {
    return this.all.find((receiver) => receiver.name === name);
  }
}

const ID_BYTES = 16;

export type SubscribeAnswer =
  | { readonly outcome: 'kept'; readonly subscription: PushSubscription }
  | { readonly outcome: 'receiver_full' | 'subject_full' };

/** Subscribes and unsubscribes devices. */
@Injectable()
export class PushSubscriptions {
  private readonly mutex = new Mutex();

  constructor(
    @Inject(PushSubscriptionStore) private readonly store: PushSubscriptionStore,
    private readonly clock: Clock,
    private readonly supervisor: ChannelSupervisor,
  ) {}

  /**
   * Keeps a subscription; the same device again replaces its own. Several instances may each admit the last one: the
   * bounds limit mistakes, and a few more subscriptions do no harm.
   */
  subscribe(
    wanted: Pick<PushSubscription, 'receiver' | 'endpoint' | 'p256dh' | 'auth' | 'subject'>,
  ): Promise<SubscribeAnswer> {
    const { receiver, endpoint } = wanted;
    const subscription = { ...wanted, id: idOf(receiver, endpoint), createdAt: this.clock.iso() };
    return this.mutex.run(async () => {
      const outcome = roomFor(subscription, await this.store.list(receiver));
      if (outcome !== 'room') return { outcome };
      await this.store.put(subscription);
      // The device is notified of events from now on.
      await this.supervisor.look();
      return { outcome: 'kept', subscription };
    });
  }

  /** A subscription of this caller, or any for an administrator; undefined where they have none with this id. */
  async find(receiver: string, id: string, caller: Caller): Promise<PushSubscription | undefined> {
    const found = await this.store.get(id);
    if (found?.receiver !== receiver) return undefined;
    return found.subject === caller.subject || caller.role === 'admin' ? found : undefined;
  }

  /** Removes the subscription that {@link find} finds. Returns whether there was one. */
  async unsubscribe(receiver: string, id: string, caller: Caller): Promise<boolean> {
    const found = await this.find(receiver, id, caller);
    if (found) await this.store.remove(id);
    return found !== undefined;
  }
}

/** Names of receivers hold no blank, so no two pairs look the same. The id does not show the endpoint. */
function idOf(receiver: string, endpoint: string): string {
  const digest = createHash('sha256').update(`${receiver} ${endpoint}`).digest();
  return digest.toString('base64url', 0, ID_BYTES);
}
