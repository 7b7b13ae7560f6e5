import { RevisionedStore, type Revisioned, type RevisionedRecord } from '../ports/revisioned.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';

/** Where records are kept in the table `Pulsewatch_Coordination`. */
export interface RevisionedItems<T> {
  readonly list: string;
  /** The attribute that holds a record, as JSON. */
  readonly attribute: string;
  readonly idOf: (record: T) => string;
}

/** Records with optimistic locking in DynamoDB: an item each, whose `revision` is the condition of every write. */
export class DynamoRevisionedStore<T extends Revisioned> extends RevisionedStore<T> {
  private readonly items: CoordinationList;

  constructor(
    tables: DynamoTables,
    private readonly place: RevisionedItems<T>,
  ) {
    super();
    this.items = new CoordinationList(tables, place.list);
  }

  async get(id: string): Promise<T | undefined> {
    const item = await this.items.get(id);
    return item && this.recordOf(item);
  }

  async getMany(ids: readonly string[]): Promise<Map<string, T>> {
    const items = await this.items.getAll(ids);
    return new Map(items.map((item) => [String(item.id), this.recordOf(item)]));
  }

  put(record: T): Promise<boolean> {
    const { revision } = record;
    const attributes = { revision, [this.place.attribute]: JSON.stringify(record) };
    const before = revision === 1 ? undefined : revision - 1;
    return this.items.putIf(this.place.idOf(record), attributes, 'revision', before);
  }

  async list(): Promise<T[]> {
    return (await this.items.all()).map((item) => this.recordOf(item));
  }

  async remove(id: string): Promise<void> {
    await this.items.remove(id);
  }

  private recordOf(item: Item): T {
    return JSON.parse(String(item[this.place.attribute])) as T;
  }
}

/** The one record of a coordination list that holds no other. */
export function dynamoRecord<T extends Revisioned>(
  tables: DynamoTables,
  { id, ...place }: Omit<RevisionedItems<T>, 'idOf'> & { readonly id: string },
): RevisionedRecord<T> {
  const store = new DynamoRevisionedStore<T>(tables, { ...place, idOf: () => id });
  return { get: () => store.get(id), put: (record) => store.put(record) };
}
