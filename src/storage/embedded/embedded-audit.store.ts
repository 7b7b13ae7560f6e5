import { setImmediate as nextTurn } from 'node:timers/promises';
import { auditIdsFrom, type AuditEntry } from '../../domain/access/audit.js';
import { idRange, pageOf } from '../ports/audit-page.js';
import { AuditStore, type AuditQuery } from '../ports/audit.store.js';
import type { Page } from '../ports/entity.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Entries read, and removed, at once. */
const PAGE = 500;

/** The audit log in the embedded store, by id. */
export class EmbeddedAuditStore extends AuditStore {
  private readonly table: Table<AuditEntry>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('audit');
  }

  async append(entries: readonly AuditEntry[]): Promise<void> {
    await this.database.transaction('keep the audit log', () => {
      for (const entry of entries)
        if (this.table.get(entry.id) === undefined) this.table.put(entry.id, entry);
    });
  }

  list(query: AuditQuery): Promise<Page<AuditEntry>> {
    return pageOf(this.backwards(query), query);
  }

  async removeBefore(moment: number, signal: AbortSignal): Promise<void> {
    const range = { end: auditIdsFrom(moment), limit: PAGE };
    for (;;) {
      signal.throwIfAborted();
      const old = await this.database.read('read the audit log', () => this.table.keys(range));
      if (old.length === 0) return;
      await this.database.transaction('remove from the audit log', () =>
        old.forEach((id) => this.table.remove(id)),
      );
    }
  }

  private async *backwards(query: AuditQuery): AsyncIterable<readonly AuditEntry[]> {
    const { low, high } = idRange(query);
    for (let start = high; ;) {
      const range = { start, end: low, exclusiveStart: true, reverse: true, limit: PAGE };
      const entries = await this.database.read('read the audit log', () => this.table.range(range));
      const last = entries.at(-1);
      if (last === undefined) return;
      yield entries;
      start = last.id;
      await nextTurn();
    }
  }
}
