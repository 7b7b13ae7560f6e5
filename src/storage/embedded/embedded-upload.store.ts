import { isDeepStrictEqual } from 'node:util';
import type { UploadRecord } from '../../domain/uploads/upload.js';
import type { Page } from '../ports/entity.store.js';
import { UploadStore } from '../ports/upload.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Uploads in the embedded store. */
export class EmbeddedUploadStore extends UploadStore {
  private readonly table: Table<UploadRecord>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('uploads');
  }

  put(upload: UploadRecord): Promise<boolean> {
    return this.database.transaction('keep an upload', () => {
      const stored = this.table.get(upload.id);
      if ((stored?.revision ?? 0) !== upload.revision - 1) return isDeepStrictEqual(stored, upload);
      this.table.put(upload.id, upload);
      return true;
    });
  }

  get(id: string): Promise<UploadRecord | undefined> {
    return this.database.read('read uploads', () => this.table.get(id));
  }

  async list({ limit, after }: { limit: number; after?: string }): Promise<Page<UploadRecord>> {
    const start = after === undefined ? {} : { start: after, exclusiveStart: true };
    const range = { ...start, reverse: true, limit: limit + 1 };
    const found = await this.database.read('read uploads', () => this.table.range(range));
    const items = found.slice(0, limit);
    const next = found.length > limit ? items.at(-1)?.id : undefined;
    return { items, ...(next === undefined ? {} : { next }) };
  }

  async delete(id: string): Promise<void> {
    await this.database.transaction('remove an upload', () => this.table.remove(id));
  }
}
