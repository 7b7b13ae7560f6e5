import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';

/** What has a revision. It grows by one with every change; the first is 1. */
interface Revisioned {
  readonly revision: number;
}

/** A coordination list of records, each of which is written by who has read the one before. */
export class RevisionedList<T extends Revisioned> {
  private readonly items: CoordinationList;

  /** `attribute` holds the record, as JSON. */
  constructor(
    tables: DynamoTables,
    list: string,
    private readonly attribute: string,
  ) {
    this.items = new CoordinationList(tables, list);
  }

  /** One record, strongly consistent. */
  async get(id: string): Promise<T | undefined> {
    const item = await this.items.get(id);
    return item && this.recordOf(item);
  }

  /** The records that exist among distinct ids, strongly consistent, in no particular order. */
  async getAll(ids: readonly string[]): Promise<T[]> {
    return (await this.items.getAll(ids)).map((item) => this.recordOf(item));
  }

  /** Every record, strongly consistent. */
  async all(): Promise<T[]> {
    return (await this.items.all()).map((item) => this.recordOf(item));
  }

  /**
   * Puts a record over the one whose revision is one less; answers whether it did. An answer that is
   * lost can make it say no if somebody else has put one since.
   */
  put(id: string, record: T): Promise<boolean> {
    const { revision } = record;
    const attributes = { revision, [this.attribute]: JSON.stringify(record) };
    return this.items.putIf(id, attributes, 'revision', revision === 1 ? undefined : revision - 1);
  }

  /** Removes a record, if there is one. */
  async remove(id: string): Promise<void> {
    await this.items.remove(id);
  }

  private recordOf(item: Item): T {
    return JSON.parse(String(item[this.attribute])) as T;
  }
}
