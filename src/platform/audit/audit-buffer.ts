import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry } from '../../domain/access/audit.js';

export interface AuditBufferSettings {
  /** The maximum number of waiting entries. Further entries are dropped. */
  readonly capacity: number;
  /** The maximum number of entries in one append. */
  readonly batch: number;
  /** The pause after a failed append, in milliseconds. */
  readonly retryMs: number;
}

/** Callbacks for what must be reported. Neither may throw. */
export interface AuditBufferReports {
  /** Called with the number of entries that were dropped. */
  readonly dropped: (count: number) => void;
  /** Called when an append failed and will be repeated; once until an append succeeds. */
  readonly failed: (error: unknown) => void;
}

/**
 * Writes entries to the store in their order; entries that arrive during an append are written together by the next one.
 * A failed append is repeated. When too many entries wait, new ones are dropped and reported.
 */
export class AuditBuffer {
  private readonly waiting: AuditEntry[] = [];
  private readonly closing = new AbortController();
  private writing: Promise<void> | undefined;
  private hasFailed = false;

  constructor(
    private readonly append: (entries: readonly AuditEntry[]) => Promise<void>,
    private readonly settings: AuditBufferSettings,
    private readonly reports: AuditBufferReports,
  ) {}

  /** Adds an entry. Never throws and never waits. */
  add(entry: AuditEntry): void {
    const isClosed = this.closing.signal.aborted && this.writing === undefined;
    if (isClosed || this.waiting.length >= this.settings.capacity) {
      this.reports.dropped(1);
      return;
    }
    this.waiting.push(entry);
    this.writing ??= this.write();
  }

  /** Writes the waiting entries once and accepts no more. Entries that cannot be written now are dropped and reported. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.writing;
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, this.settings.batch);
      try {
        await this.append(batch);
        this.waiting.splice(0, batch.length);
        this.hasFailed = false;
      } catch (error) {
        this.reportFailure(error);
        if (this.closing.signal.aborted) this.reports.dropped(this.waiting.splice(0).length);
        else await this.pause();
      }
    }
    this.writing = undefined;
  }

  private reportFailure(error: unknown): void {
    if (!this.hasFailed) this.reports.failed(error);
    this.hasFailed = true;
  }

  private async pause(): Promise<void> {
    try {
      await delay(this.settings.retryMs, undefined, { signal: this.closing.signal, ref: false });
    } catch {
      // close() ends the pause: the only way it rejects
    }
  }
}
