import type { ColumnUse } from '../../domain/csv/header.js';
import type { ImportIssue } from '../../domain/csv/import-issue.js';
import { EMPTY_REPORT, MAX_LISTED_COLUMNS, type UploadReport } from '../../domain/uploads/upload.js';
import type { UploadKind } from '../../domain/csv/file-options.js';
import type { Findings } from './findings.js';
import { LineEndCounter, type Delimiter, type Dialect } from '../../domain/csv/dialect.js';

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Detects the dialect of a file during one pass over it. */
export class DialectObserver {
  readonly lineEnds = new LineEndCounter();
  delimiter: Delimiter = ',';
  private hasBom = false;

  /** The first bytes of the file. */
  begin(bytes: Buffer): void {
    this.hasBom = bytes.subarray(0, UTF8_MARK.length).equals(UTF8_MARK);
  }

  /** The dialect, as far as it was read. */
  get dialect(): Dialect {
    return { delimiter: this.delimiter, lineEnds: this.lineEnds.kind, hasBom: this.hasBom };
  }
}

/** The number of rows by verdict; `read` counts all but blank rows. */
export interface RowCounts {
  read: number;
  valid: number;
  rejected: number;
  duplicate: number;
  blank: number;
}

/** The findings about a header. */
export interface HeaderFindings {
  readonly kind: UploadKind;
  readonly columns: readonly ColumnUse[];
  readonly ignored: readonly string[];
  readonly warnings: readonly ImportIssue[];
}

/** The findings about a file while it is validated. The report is available at any time, also after a failure. */
export class ValidationReport {
  readonly counts: RowCounts = { read: 0, valid: 0, rejected: 0, duplicate: 0, blank: 0 };
  private header: HeaderFindings | undefined;
  private observer: DialectObserver | undefined;

  constructor(readonly findings: Findings) {}

  /** Begins one pass over the file, and discards the dialect of an earlier pass. */
  observe(): DialectObserver {
    return (this.observer = new DialectObserver());
  }

  /** Discards the dialect: the file is not text in the detected encoding. */
  forgetDialect(): void {
    this.observer = undefined;
  }

  setHeader(header: HeaderFindings): void {
    this.header = header;
  }

  /** The findings so far. Counts of writing and alerts are 0. */
  get report(): UploadReport {
    const { counts, header, observer, findings } = this;
    return {
      ...EMPTY_REPORT,
      kind: header?.kind ?? null,
      rowsRead: counts.read,
      rowsValid: counts.valid,
      rowsRejected: counts.rejected,
      rowsDuplicate: counts.duplicate,
      rowsBlank: counts.blank,
      warnings: header?.warnings ?? [],
      errors: findings.first,
      errorsTotal: findings.total,
      dialect: observer?.dialect ?? null,
      columns: (header?.columns ?? []).slice(0, MAX_LISTED_COLUMNS),
      ignoredColumns: (header?.ignored ?? []).slice(0, MAX_LISTED_COLUMNS),
    };
  }
}
