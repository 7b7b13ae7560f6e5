import { digestOf, type CsvRecord, type RowReader, RowIssues } from '../../domain/csv/row-reading.js';
import type { ImportIssue } from '../../domain/csv/import-issue.js';
import { FileError } from './file-error.js';
import type { RowCounts } from './validation-report.js';
import { ownCopy, Bitset, RowIndex } from './row-index.js';
import type { FieldOf, HeaderMap } from '../../domain/csv/header.js';
import type { UploadKind } from '../../domain/csv/file-options.js';

/** How the rows of a kind of file are read, and what tells them apart. */
export interface RowRules<Row> {
  readonly reader: RowReader<Row>;
  readonly idOf: (row: Row) => string;
  /** What rows of different ids must not share. Absent: nothing. */
  readonly nameOf?: (row: Row) => string;
  /** The finding about a row of which the id stands in the file with other content too, or the name with another id. */
  readonly conflict: (record: CsvRecord, code: ConflictCode) => readonly ImportIssue[];
}

/** The rows of a sheet, of which a spreadsheet may export all: a file may have as many blank ones, whatever the limit. */
const SHEET_ROWS = 1_048_576;

/** Why rows that are good by themselves contradict each other. */
export type ConflictCode = 'conflicting_duplicate' | 'conflicting_name';

/**
 * Judges the rows of one file, in its order, and counts them. A row whose id stood before is a duplicate when it is the
 * same to the letter; otherwise every row with that id is rejected, those before it too; and so are all rows of a name
 * that more than one id has. So what is wrong with a row is told at once where it is the row's own fault, and by
 * {@link explain} once all are judged where it is a conflict.
 */
export class RowValidator<Row> {
  /** The rows that are not to be written. */
  readonly skipped = new Bitset();
  private readonly seen = new RowIndex();
  /** The first id of each name. */
  private readonly bearers = new Map<string, string>();
  private readonly sharedNames = new Set<string>();
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
      // They are no rows of the file, but each costs as much as one.
      if (counts.blank >= Math.max(this.maxRows, SHEET_ROWS))
        throw new FileError('too_many_rows', record.line);
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
      this.compare(reading.row, record, row);
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
    if (!first || !this.skipped.has(first.row)) return [];
    const isShared = this.sharedNames.has(this.rules.nameOf?.(reading.row) ?? '');
    return this.rules.conflict(record, isShared ? 'conflicting_name' : 'conflicting_duplicate');
  }

  private compare(read: Row, record: CsvRecord, row: number): void {
    const { counts, seen, skipped, rules } = this;
    const id = rules.idOf(read);
    const digest = digestOf(record.cells);
    // Of the rows that were remembered as the first of their id, those that are skipped have a conflict.
    const first = seen.find(id);
    if (first === undefined) {
      counts.valid += 1;
      seen.add(id, { row, digest });
      if (rules.nameOf) this.compareName(rules.nameOf(read), id);
    } else if (first.digest === digest && !skipped.has(first.row)) {
      counts.duplicate += 1;
      skipped.add(row);
      seen.addCopy(id);
    } else {
      this.takeBack(id);
      this.conflicts += 1;
      this.reject(row);
    }
  }

  /** Compares the name of an id that is new. */
  private compareName(name: string, id: string): void {
    const bearer = this.bearers.get(name);
    if (bearer === undefined) {
      this.bearers.set(ownCopy(name), ownCopy(id));
      return;
    }
    this.conflicts += 1;
    this.sharedNames.add(name);
    this.takeBack(bearer);
    this.takeBack(id);
  }

  /** Rejects the first row of an id, and with it its copies, unless that was done before: it has a conflict. */
  private takeBack(id: string): void {
    const { counts, seen, skipped } = this;
    const first = seen.find(id);
    if (!first || skipped.has(first.row)) return;
    const copies = seen.copiesOf(id);
    counts.valid -= 1;
    counts.duplicate -= copies;
    counts.rejected += copies;
    this.reject(first.row);
  }

  private reject(row: number): void {
    this.counts.rejected += 1;
    this.skipped.add(row);
  }
}

function isBlank({ cells }: CsvRecord): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/** What is wrong with a row that contradicts others, by the column that they have in common. */
export function conflictIn<Kind extends UploadKind>(
  { names, fields }: HeaderMap<Kind>,
  record: CsvRecord,
  code: ConflictCode,
  field: FieldOf<Kind>,
): readonly ImportIssue[] {
  const issues = new RowIssues(record, names);
  issues.add(code, fields.get(field));
  return issues.all;
}

/** Where the id of a response comes from: without one of its own it has that of its employee and date. */
export function idFieldOf(
  { fields }: HeaderMap<'survey'>,
  { cells }: CsvRecord,
): 'response_id' | 'employee_id' {
  return (cells[fields.get('response_id') ?? -1] ?? '').trim() === '' ? 'employee_id' : 'response_id';
}
