import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** What has a revision. It grows by one with every change; the first is 1. */
interface Revisioned {
  readonly revision: number;
}

/** A table of records, each of which is written by who has read the one before. */
export class RevisionedTable<T extends Revisioned> {
  private readonly table: Table<T>;

  /** `what` one of its records is, for the errors. */
  constructor(
    private readonly database: EmbeddedDatabase,
    name: string,
    private readonly what: string,
  ) {
    this.table = database.table(name);
  }

  /** One record. */
  get(id: string): Promise<T | undefined> {
    return this.database.read(`read ${this.what}`, () => this.table.get(id));
  }

  /** The records that exist among distinct ids. */
  getAll(ids: readonly string[]): Promise<T[]> {
    return this.database.read(`read ${this.what}`, () =>
      ids.map((id) => this.table.get(id)).filter((record) => record !== undefined),
    );
  }

  /** Every record. */
  all(): Promise<T[]> {
    return this.database.read(`read ${this.what}`, () => this.table.range({}));
  }

  /** Puts a record over the one whose revision is one less; answers whether it did. */
  put(id: string, record: T): Promise<boolean> {
    return this.database.transaction(`keep ${this.what}`, () => {
      if ((this.table.get(id)?.revision ?? 0) !== record.revision - 1) return false;
      this.table.put(id, record);
      return true;
    });
  }

  /** Removes a record, if there is one. */
  async remove(id: string): Promise<void> {
    await this.database.transaction(`remove ${this.what}`, () => this.table.remove(id));
  }
}
