import { RevisionedStore, type Revisioned, type RevisionedRecord } from '../ports/revisioned.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Where records are kept in the embedded store. */
export interface RevisionedTable<T> {
  readonly table: string;
  /** What a record is, for the errors, such as "the state of a channel". */
  readonly what: string;
  readonly idOf: (record: T) => string;
}

/** Records with optimistic locking in the embedded store. */
export class EmbeddedRevisionedStore<T extends Revisioned> extends RevisionedStore<T> {
  private readonly table: Table<T>;

  constructor(
    protected readonly database: EmbeddedDatabase,
    private readonly place: RevisionedTable<T>,
  ) {
    super();
    this.table = database.table(place.table);
  }

  get(id: string): Promise<T | undefined> {
    return this.database.read(`read ${this.place.what}`, () => this.table.get(id));
  }

  getMany(ids: readonly string[]): Promise<Map<string, T>> {
    return this.database.read(`read ${this.place.what}`, () => {
      const found = new Map<string, T>();
      for (const id of ids) {
        const record = this.table.get(id);
        if (record !== undefined) found.set(id, record);
      }
      return found;
    });
  }

  put(record: T): Promise<boolean> {
    const id = this.place.idOf(record);
    return this.database.transaction(`write ${this.place.what}`, () => {
      if ((this.table.get(id)?.revision ?? 0) !== record.revision - 1) return false;
      this.table.put(id, record);
      return true;
    });
  }

  list(): Promise<T[]> {
    return this.database.read(`read ${this.place.what}`, () => this.table.range({}));
  }

  async remove(id: string): Promise<void> {
    await this.database.transaction(`remove ${this.place.what}`, () => this.table.remove(id));
  }
}

/** The one record of a table of the embedded store that holds no other. */
export function embeddedRecord<T extends Revisioned>(
  database: EmbeddedDatabase,
  { id, ...place }: Omit<RevisionedTable<T>, 'idOf'> & { readonly id: string },
): RevisionedRecord<T> {
  const store = new EmbeddedRevisionedStore<T>(database, { ...place, idOf: () => id });
  return { get: () => store.get(id), put: (record) => store.put(record) };
}
