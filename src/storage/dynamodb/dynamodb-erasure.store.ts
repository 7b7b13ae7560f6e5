import { ERASURE_MODES, type Erasure } from '../../domain/privacy/erasure.js';
import { ErasureStore } from '../ports/erasure.store.js';
import { StorageError } from '../ports/storage-error.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';
import { type Item, present } from './item-fields.js';

/** Erasures in DynamoDB. */
export class DynamoErasureStore extends ErasureStore {
  private readonly items: CoordinationList;

  constructor(tables: DynamoTables) {
    super();
    this.items = new CoordinationList(tables, 'erasures');
  }

  async put({ id, ...erasure }: Erasure): Promise<void> {
    await this.items.put(id, present({ ...erasure }));
  }

  async list(): Promise<Erasure[]> {
    return (await this.items.all()).map(fromItem);
  }

  async remove(id: string): Promise<void> {
    await this.items.remove(id);
  }
}

function fromItem(item: Item): Erasure {
  const { id, employeeId, pseudonym, key, requestedBy, instance, sweptAt } = item;
  const mode = ERASURE_MODES.find((known) => known === item.mode);
  if (mode === undefined)
    throw new StorageError('read the erasures', new Error('One of them has no mode that is known'));
  return {
    id: String(id),
    employeeId: String(employeeId),
    mode,
    pseudonym: String(pseudonym),
    key: String(key),
    requestedBy: String(requestedBy),
    instance: String(instance),
    ...(typeof sweptAt === 'number' ? { sweptAt } : {}),
  };
}
