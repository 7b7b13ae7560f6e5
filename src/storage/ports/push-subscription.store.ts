import type { PushSubscription } from '../../domain/notifications/push-subscription.js';

/**
 * The subscriptions of devices to push messages. Throws StorageError, without any endpoint, when the store cannot
 * answer.
 */
export abstract class PushSubscriptionStore {
  /** Writes a subscription durably, replacing the one with its id. */
  abstract put(subscription: PushSubscription): Promise<void>;

  /** The subscription with this id, or undefined. Sees every call acknowledged before. */
  abstract get(id: string): Promise<PushSubscription | undefined>;

  /** Every subscription of a receiver, in the order of their ids. Sees every call acknowledged before. */
  abstract list(receiver: string): Promise<PushSubscription[]>;

  /** The number of subscriptions of a receiver. Sees every call acknowledged before. */
  abstract count(receiver: string): Promise<number>;

  /** Removes a subscription. Removing an absent one does nothing. */
  abstract remove(id: string): Promise<void>;
}
