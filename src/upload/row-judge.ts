import { digestOf } from '../domain/csv/digest.js';
import type { ImportIssue } from '../domain/csv/import-issue.js';
import type { CsvRecord, RowReader } from '../domain/csv/row-reading.js';
import { FileError } from './file-error.js';
import type { RowCounts } from './file-inspection.js';
import { RowSet } from './row-set.js';
import { SeenIds } from './seen-ids.js';

/** How the rows of a kind of file are read, and what tells them apart. */
export interface RowRules<Row> {
  readonly reader: RowReader<Row>;
  readonly idOf: (row: Row) => string;
  /** The finding about a row of which the id stands in the file with other content too. */
  readonly conflict: (record: CsvRecord) => readonly ImportIssue[];
}

/**
 * Judges the rows of one file, in its order, and counts them. A row whose id stood before is a duplicate when it is the
 * same to the letter; otherwise every row with that id is rejected, those before it too. So what is wrong with a row is
 * told at once where it is the row's own fault, and by {@link explain} once all are judged where it is a conflict.
 */
export class RowJudge<Row> {
  /** The rows that are not to be written. */
  readonly skipped = new RowSet();
  private readonly seen = new SeenIds();
  private conflicts = 0;
  private last = 0;

  constructor(
    private readonly rules: RowRules<Row>,
    private readonly maxRows: number,
    private readonly counts: RowCounts,
  ) {}

  /** Whether {@link explain} has more to tell than {@link judge} did. */
  get hasConflicts(): boolean {
    return this.conflicts > 0;
  }

  /** The number of the last row that was judged. */
  get lastRow(): number {
    return this.last;
  }

  /** Judges the next row; answers what is wrong with it by itself. Throws FileError when it is one too many. */
  judge(record: CsvRecord, row: number): readonly ImportIssue[] {
    const { counts, skipped } = this;
    if (isBlank(record)) {
      counts.blank += 1;
      skipped.add(row);
    } else {
      if (counts.read >= this.maxRows) throw new FileError('too_many_rows', record.line);
      counts.read += 1;
      const reading = this.rules.reader(record, row);
      if ('issues' in reading) {
        this.reject(row);
        this.last = row;
        return reading.issues;
      }
      this.compare(this.rules.idOf(reading.row), record, row);
    }
    this.last = row;
    return [];
  }

  /** Everything that is wrong with a row that was judged, now that all of them are. */
  explain(record: CsvRecord, row: number): readonly ImportIssue[] {
    if (isBlank(record)) return [];
    const reading = this.rules.reader(record, row);
    if ('issues' in reading) return reading.issues;
    const first = this.seen.find(this.rules.idOf(reading.row));
    return first && this.skipped.has(first.row) ? this.rules.conflict(record) : [];
  }

  private compare(id: string, record: CsvRecord, row: number): void {
    const { counts, seen, skipped } = this;
    const digest = digestOf(record.cells);
    const first = seen.find(id);
    if (first === undefined) {
      counts.valid += 1;
      seen.add(id, { row, digest });
      return;
    }
    // Of the rows that were remembered as the first of their id, those that are skipped have a conflict.
    const isInConflict = skipped.has(first.row);
    if (first.digest === digest && !isInConflict) {
      counts.duplicate += 1;
      skipped.add(row);
      seen.addCopy(id);
      return;
    }
    if (!isInConflict) {
      const copies = seen.copiesOf(id);
      counts.valid -= 1;
      counts.duplicate -= copies;
      counts.rejected += copies;
      this.reject(first.row);
    }
    this.conflicts += 1;
    this.reject(row);
  }

  private reject(row: number): void {
    this.counts.rejected += 1;
    this.skipped.add(row);
  }
}

function isBlank({ cells }: CsvRecord): boolean {
  return cells.every((cell) => cell.trim() === '');
}
