import type { PushSubscription } from '../../domain/notifications/push-subscription.js';
import { PushSubscriptionStore } from '../ports/push-subscription.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Push subscriptions in the embedded store. */
export class EmbeddedPushSubscriptionStore extends PushSubscriptionStore {
  private readonly table: Table<PushSubscription>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('push_subscriptions');
  }

  put(subscription: PushSubscription): Promise<void> {
    return this.database.transaction('keep a push subscription', () =>
      this.table.put(subscription.id, subscription),
    );
  }

  get(id: string): Promise<PushSubscription | undefined> {
    return this.database.read('read a push subscription', () => this.table.get(id));
  }

  list(receiver: string): Promise<PushSubscription[]> {
    return this.database.read('read the push subscriptions', () =>
      this.table.range({}).filter((subscription) => subscription.receiver === receiver),
    );
  }

  async count(receiver: string): Promise<number> {
    return (await this.list(receiver)).length;
  }

  remove(id: string): Promise<void> {
    return this.database.transaction('remove a push subscription', () => this.table.remove(id));
  }
}
