import type { PushSubscription } from '../../domain/notifications/push-subscription.js';

/** The devices that want push messages. Throws StorageError, which tells no endpoint, when the store cannot answer. */
export abstract class PushSubscriptionStore {
  /** Keeps a subscription durably, replacing the one with its id. */
  abstract put(subscription: PushSubscription): Promise<void>;

  /** The subscription with this id, or undefined. Sees every call acknowledged before. */
  abstract get(id: string): Promise<PushSubscription | undefined>;

  /** Every subscription of a receiver, in the order of their ids. Sees every call acknowledged before. */
  abstract list(receiver: string): Promise<PushSubscription[]>;

  /** How many subscriptions a receiver has. Sees every call acknowledged before. */
  abstract count(receiver: string): Promise<number>;

  /** Forgets a subscription. Removing an absent one does nothing. */
  abstract remove(id: string): Promise<void>;
}
