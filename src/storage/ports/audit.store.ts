import type { AuditEntry } from '../../domain/access/audit.js';
import type { Page } from './entity.store.js';

export interface AuditQuery {
  /** At most this many items; at least 1. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
  /** Milliseconds since 1970: not before `since`, and before `until`. */
  readonly since?: number;
  readonly until?: number;
  readonly matches?: (entry: AuditEntry) => boolean;
}

/**
 * The audit log, in `Pulsewatch_Audit`. Entries are added, and removed when they are old; none is ever changed. Throws
 * StorageError when the store cannot answer.
 */
export abstract class AuditStore {
  /**
   * Adds entries, durably once it resolves. Their ids must be distinct. Not atomic over several entries; idempotent, so
   * it is safe to repeat after an error.
   */
  abstract append(entries: readonly AuditEntry[]): Promise<void>;

  /**
   * The entries that match, newest first. Sees every append acknowledged before. A page may hold fewer than `limit` and
   * still have a `next`: with few matches it ends after some thousand entries. Entries outside `since` and `until` are
   * not read.
   */
  abstract list(query: AuditQuery): Promise<Page<AuditEntry>>;

  /**
   * Removes the entries from before `moment` (milliseconds since 1970), in small batches. Idempotent. Rejects with the
   * reason of the signal between two batches.
   */
  abstract removeBefore(moment: number, signal: AbortSignal): Promise<void>;
}
