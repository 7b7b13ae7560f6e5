import type { KeyUse } from '../../domain/uploads/idempotency.js';
import { IdempotencyStore } from '../ports/idempotency.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';

/** The idempotency keys in DynamoDB. */
export class DynamoIdempotencyStore extends IdempotencyStore {
  private readonly items: CoordinationList;

  constructor(tables: DynamoTables) {
    super();
    this.items = new CoordinationList(tables, 'idempotency_keys');
  }

  async get(key: string): Promise<KeyUse | undefined> {
    const item = await this.items.get(key);
    return item && useOf(item);
  }

  put({ key, holder, instance, since, upload }: KeyUse, over: string | undefined): Promise<boolean> {
    const attributes = { holder, instance, since, ...(upload && { ...upload }) };
    return this.items.putIf(key, attributes, 'holder', over);
  }

  async remove(key: string, holder: string): Promise<void> {
    await this.items.removeIf(key, 'holder', holder);
  }

  async removeBefore(moment: number, signal: AbortSignal): Promise<void> {
    for await (const page of this.items.pages()) {
      for (const { key, holder, since } of page.map(useOf)) {
        signal.throwIfAborted();
        if (since < moment) await this.remove(key, holder);
      }
    }
  }
}

function useOf({ id, holder, instance, since, fingerprint, uploadId }: Item): KeyUse {
  return {
    key: String(id),
    holder: String(holder),
    instance: String(instance),
    since: Number(since),
    ...(typeof uploadId === 'string' ? { upload: { fingerprint: String(fingerprint), uploadId } } : {}),
  };
}
