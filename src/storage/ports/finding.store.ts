import type { ImportIssue } from '../../domain/csv/import-issue.js';

/** Findings in one part, at most: however long they are, as many fit into one item of a store. */
export const MAX_PART_FINDINGS = 300;

/**
 * Every error found in uploaded files, in `Pulsewatch_Upload_Findings`: per upload a list in numbered parts, so that
 * neither writing nor reading it holds more than a part. Throws StorageError when the store cannot answer.
 */
export abstract class FindingStore {
  /** Keeps a part of at most MAX_PART_FINDINGS durably, replacing the one of this number. Parts count from 0. */
  abstract put(uploadId: string, part: number, findings: readonly ImportIssue[]): Promise<void>;

  /**
   * The parts of an upload by number. Sees every put acknowledged before; what is put or removed meanwhile may or may not
   * appear.
   */
  abstract read(uploadId: string): AsyncIterable<readonly ImportIssue[]>;

  /** Removes all parts of an upload, in small batches. Where there are none it does nothing; repeating it is safe. */
  abstract delete(uploadId: string): Promise<void>;
}
