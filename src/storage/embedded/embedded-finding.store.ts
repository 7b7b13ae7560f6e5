import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportIssue } from '../../domain/csv/import-issue.js';
import { FindingStore } from '../ports/finding.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Parts removed in one transaction. */
const BATCH = 64;
/** Part numbers of one length sort as texts. */
const DIGITS = 9;

interface Part {
  readonly key: string;
  readonly findings: readonly ImportIssue[];
}

/** The findings of uploads in the embedded store: parts by upload and number. */
export class EmbeddedFindingStore extends FindingStore {
  private readonly table: Table<Part>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('upload_findings');
  }

  async put(uploadId: string, part: number, findings: readonly ImportIssue[]): Promise<void> {
    const key = `${uploadId}:${String(part).padStart(DIGITS, '0')}`;
    await this.database.transaction('keep findings', () => this.table.put(key, { key, findings }));
  }

  async *read(uploadId: string): AsyncIterable<readonly ImportIssue[]> {
    const { start, end } = rangeOf(uploadId);
    for (let after = start; ;) {
      const [part] = await this.database.read('read findings', () =>
        this.table.range({ start: after, end, exclusiveStart: true, limit: 1 }),
      );
      if (!part) return;
      yield part.findings;
      after = part.key;
      await nextTurn();
    }
  }

  async delete(uploadId: string): Promise<void> {
    for (;;) {
      const removed = await this.database.transaction('remove findings', () => {
        const keys = this.table.keys({ ...rangeOf(uploadId), limit: BATCH });
        for (const key of keys) this.table.remove(key);
        return keys.length;
      });
      if (removed < BATCH) return;
    }
  }
}

/** No key of the upload is before or at `start`, none is at or after `end`: the semicolon follows the colon. */
function rangeOf(uploadId: string): { start: string; end: string } {
  return { start: `${uploadId}:`, end: `${uploadId};` };
}
