import type { ImportIssue } from '../../domain/csv/import-issue.js';
import { MAX_PART_FINDINGS, type FindingStore } from '../../storage/ports/finding.store.js';
import { detachedCopy } from './row-index.js';

/** Errors in a status, at most. */
const SHOWN = 100;

/**
 * Collects the errors of one upload in the order of the lines: counts them, keeps the first ones in memory, and writes all
 * of them to the store. Holds at most one part. Throws StorageError.
 */
export class Findings {
  private shown: ImportIssue[] = [];
  private part: ImportIssue[] = [];
  private parts = 0;
  private count = 0;

  constructor(
    private readonly store: FindingStore,
    private readonly uploadId: string,
  ) {}

  /** The first 100. */
  get first(): readonly ImportIssue[] {
    return this.shown;
  }

  get total(): number {
    return this.count;
  }

  /** Removes everything that was added, also by an earlier run. */
  async restart(): Promise<void> {
    await this.store.delete(this.uploadId);
    [this.shown, this.part, this.parts, this.count] = [[], [], 0, 0];
  }

  async add(issues: readonly ImportIssue[]): Promise<void> {
    for (const issue of issues) {
      const own = issue.value === undefined ? issue : { ...issue, value: detachedCopy(issue.value) };
      this.count += 1;
      if (this.shown.length < SHOWN) this.shown.push(own);
      this.part.push(own);
      if (this.part.length === MAX_PART_FINDINGS) await this.flush();
    }
  }

  /** Stores the findings that are not stored yet. */
  async flush(): Promise<void> {
    if (this.part.length === 0) return;
    await this.store.put(this.uploadId, this.parts, this.part);
    this.parts += 1;
    this.part = [];
  }
}
