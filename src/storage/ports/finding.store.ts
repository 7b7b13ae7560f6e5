import type { ImportIssue } from '../../domain/csv/import-issue.js';

/** The most findings in one part: that many fit into one item of a store, however long they are. */
export const MAX_PART_FINDINGS = 300;

/**
 * Every error in uploaded files, in `Pulsewatch_Upload_Findings`: per upload a list in numbered parts, so that neither
 * writing nor reading holds more than one part in memory. Throws StorageError when the store cannot answer.
 */
export abstract class FindingStore {
  /**
   * Writes a part of at most {@link MAX_PART_FINDINGS} durably, replacing the one with its number. Parts count from 0.
   */
  abstract put(uploadId: string, part: number, findings: readonly ImportIssue[]): Promise<void>;

  /**
   * The parts of an upload in the order of their numbers. Sees every put acknowledged before; parts that are put or
   * removed meanwhile may or may not appear.
   */
  abstract read(uploadId: string): AsyncIterable<readonly ImportIssue[]>;

  /** Removes all parts of an upload, in small batches. Idempotent. */
  abstract delete(uploadId: string): Promise<void>;
}
