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
 * The audit log, in `Pulsewatch_Audit`: entries are added, and go when they are old; nothing changes one. Throws
 * StorageError when the store cannot answer.
 */
export abstract class AuditStore {
  /**
   * Keeps entries, durably once it resolves. Their ids must be distinct and new: of the same entry again nothing comes.
   * Not atomic over several; repeating it is safe.
   */
  abstract append(entries: readonly AuditEntry[]): Promise<void>;

  /**
   * The entries that match, newest first. Sees every append acknowledged before. A page may hold fewer than `limit` and
   * still have a `next`: where little matches it ends after some thousand entries. What lies outside `since` and `until`
   * is not looked at.
   */
  abstract list(query: AuditQuery): Promise<Page<AuditEntry>>;

  /** Removes the entries from before `moment` (milliseconds since 1970), in small batches. Stops between two on the signal. */
  abstract removeBefore(moment: number, signal: AbortSignal): Promise<void>;
}
