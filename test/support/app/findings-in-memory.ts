import type { ImportIssue } from '../../../src/domain/csv/import-issue.js';
import { FindingStore } from '../../../src/storage/ports/finding.store.js';

/** Findings of uploads, and the sizes of the parts as they came. */
export class FindingsInMemory extends FindingStore {
  readonly sizes: number[] = [];
  private readonly uploads = new Map<string, (readonly ImportIssue[])[]>();

  put(uploadId: string, part: number, findings: readonly ImportIssue[]): Promise<void> {
    const parts = this.uploads.get(uploadId) ?? [];
    parts[part] = findings;
    this.uploads.set(uploadId, parts);
    this.sizes.push(findings.length);
    return Promise.resolve();
  }

  async *read(uploadId: string): AsyncIterable<readonly ImportIssue[]> {
    for (const part of this.uploads.get(uploadId) ?? []) yield Promise.resolve(part);
  }

  delete(uploadId: string): Promise<void> {
    this.uploads.delete(uploadId);
    return Promise.resolve();
  }

  /** Every finding of an upload. */
  all(uploadId: string): readonly ImportIssue[] {
    return (this.uploads.get(uploadId) ?? []).flat();
  }
}
