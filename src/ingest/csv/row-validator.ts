import { digestOf, type CsvRecord, type RowReader, RowIssues } from '../../domain/csv/row-reading.js';
import type { ImportIssue } from '../../domain/csv/import-issue.js';
import { FileError } from './file-error.js';
import type { RowCounts } from './validation-report.js';
import { detachedCopy, Bitset, RowIndex } from './row-index.js';
import type { FieldOf, HeaderMap } from '../../domain/csv/header.js';
import type { UploadKind } from '../../domain/csv/file-options.js';

/** How the rows of a kind of file are read and identified. */
export interface RowRules<Row> {
  readonly reader: RowReader<Row>;
  readonly idOf: (row: Row) => string;
  /** A name that rows of different ids must not share. Absent: no such rule. */
  readonly nameOf?: (row: Row) => string;
  /** The finding about a row whose id has other content elsewhere in the file, or whose name has another id. */
  readonly conflict: (record: CsvRecord, code: ConflictCode) => readonly ImportIssue[];
}

/** The rows of a sheet. A spreadsheet may export all of them: a file may have this many blank rows, whatever the limit. */
const SHEET_ROWS = 1_048_576;

/** Why rows that are valid by themselves contradict each other. */
export type ConflictCode = 'conflicting_duplicate' | 'conflicting_name';

/**
 * Validates and counts the rows of one file, in file order. A row with a known id is a duplicate when its content is
 * identical; otherwise every row with that id is rejected, earlier ones too, and so are all rows of a name that has more
 * than one id. {@link validate} reports faults of the row itself; {@link explain} reports conflicts, once all rows are
 * validated.
 */
export class RowValidator<Row> {
  /** The rows that must not be written. */
  readonly skipped = new Bitset();
  private readonly seen = new RowIndex();
  /** The first id of each name. */
  private readonly idsByName = new Map<string, string>();
  private readonly sharedNames = new Set<string>();
  private conflicts = 0;
  private last = 0;

  constructor(
    private readonly rules: RowRules<Row>,
    private readonly maxRows: number,
    private readonly counts: RowCounts,
  ) {}

  /** Whether {@link explain} finds more than {@link validate} did. */
  get hasConflicts(): boolean {
    return this.conflicts > 0;
  }

  /** The number of the last row that was validated. */
  get lastRow(): number {
    return this.last;
  }

  /** Validates the next row, and returns its own faults. Throws FileError when the file has too many rows. */
  validate(record: CsvRecord, row: number): readonly ImportIssue[] {
    const { counts, skipped } = this;
    if (isBlank(record)) {
      // Blank rows do not count, but each costs as much as a row.
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

  /** All faults of a row, including conflicts. To be called after {@link validate} was called for every row. */
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
    // A first row of an id that is skipped has a conflict.
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
      this.rejectFirst(id);
      this.conflicts += 1;
      this.reject(row);
    }
  }

  /** Checks that the name of a new id has no other id. */
  private compareName(name: string, id: string): void {
    const known = this.idsByName.get(name);
    if (known === undefined) {
      this.idsByName.set(detachedCopy(name), detachedCopy(id));
      return;
    }
    this.conflicts += 1;
    this.sharedNames.add(name);
    this.rejectFirst(known);
    this.rejectFirst(id);
  }

  /** Rejects the first row of an id and its copies, because of a conflict. Idempotent. */
  private rejectFirst(id: string): void {
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

/** The finding about a row that contradicts others, at the column that they share. */
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

/** The column that identifies a response: a response without an id is identified by its employee and date. */
export function idFieldOf(
  { fields }: HeaderMap<'survey'>,
  { cells }: CsvRecord,
): 'response_id' | 'employee_id' {
  return (cells[fields.get('response_id') ?? -1] ?? '').trim() === '' ? 'employee_id' : 'response_id';
}
