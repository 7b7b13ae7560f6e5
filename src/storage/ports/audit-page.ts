import { auditIdsFrom, type AuditEntry } from '../../domain/access/audit.js';
import type { AuditQuery } from './audit.store.js';
import type { Page } from './entity.store.js';

/** A listing with few matches ends after this many entries, with a `next`. */
export const SCANNED_PER_LIST = 20_000;

/** Sorts after every id: they are hexadecimal. */
const AFTER_ALL = 'g';

/**
 * The range of ids of a query: above `low` and below `high`. Neither is the id of an entry, except `high` when it is
 * `after`.
 */
export function idRange({ after = AFTER_ALL, since, until }: AuditQuery): { low: string; high: string } {
  const end = until === undefined ? AFTER_ALL : auditIdsFrom(until);
  return { low: since === undefined ? '0' : auditIdsFrom(since), high: after < end ? after : end };
}

/**
 * A page of the entries that match. `entries` yields those in the range of the query, newest first, and is read only as
 * far as needed.
 */
export async function pageOf(
  entries: AsyncIterable<readonly AuditEntry[]>,
  { limit, matches }: AuditQuery,
): Promise<Page<AuditEntry>> {
  const items: AuditEntry[] = [];
  let scanned = 0;
  for await (const part of entries) {
    for (const entry of part) {
      if (matches && !matches(entry)) continue;
      const last = items.at(-1);
      if (last && items.length === limit) return { items, next: last.id };
      items.push(entry);
    }
    scanned += part.length;
    const position = part.at(-1)?.id;
    if (scanned >= SCANNED_PER_LIST && position !== undefined) return { items, next: position };
  }
  return { items };
}
