import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry } from '../../domain/access/audit.js';

export interface AuditBufferSettings {
  /** Entries that wait at once; more are dropped. */
  readonly capacity: number;
  /** Entries in one append. */
  readonly batch: number;
  /** Pause after an append that failed. */
  readonly retryMs: number;
}

/** Whom the buffer tells what cannot go on in silence. */
export interface AuditBufferReports {
  /** So many entries were dropped. */
  readonly dropped: (count: number) => void;
  /** An append failed; it is tried again. Told once until one succeeds. */
  readonly failed: (error: unknown) => void;
}

/**
 * Entries on their way to the store, in order: while one append is under way the next ones gather. What cannot be kept is
 * tried again; when too many wait, those that come are dropped, and told.
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

  /** Takes an entry. Never throws, and waits for nothing. */
  add(entry: AuditEntry): void {
    const isClosed = this.closing.signal.aborted && this.writing === undefined;
    if (isClosed || this.waiting.length >= this.settings.capacity) {
      this.reports.dropped(1);
      return;
    }
    this.waiting.push(entry);
    this.writing ??= this.write();
  }

  /** Keeps what waits, if the store lets it, and takes no more. What fails now is dropped, and told. */
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
