import type { PushSubscription } from '../../domain/notifications/push-subscription.js';
import { PushSubscriptionStore } from '../ports/push-subscription.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';

/** Push subscriptions in DynamoDB. */
export class DynamoPushSubscriptionStore extends PushSubscriptionStore {
  private readonly items: CoordinationList;

  constructor(tables: DynamoTables) {
    super();
    this.items = new CoordinationList(tables, 'push_subscriptions');
  }

  async put({ id, ...subscription }: PushSubscription): Promise<void> {
    await this.items.put(id, subscription);
  }

  async get(id: string): Promise<PushSubscription | undefined> {
    const item = await this.items.get(id);
    return item && subscriptionOf(item);
  }

  async list(receiver: string): Promise<PushSubscription[]> {
    const all = (await this.items.all()).map(subscriptionOf);
    return all.filter((subscription) => subscription.receiver === receiver);
  }

  async count(receiver: string): Promise<number> {
    return (await this.list(receiver)).length;
  }

  async remove(id: string): Promise<void> {
    await this.items.remove(id);
  }
}

function subscriptionOf({
  id,
  receiver,
  endpoint,
  p256dh,
  auth,
  subject,
  createdAt,
}: Item): PushSubscription {
  return {
    id: String(id),
    receiver: String(receiver),
    endpoint: String(endpoint),
    p256dh: String(p256dh),
    auth: String(auth),
    subject: String(subject),
    createdAt: String(createdAt),
  };
}
