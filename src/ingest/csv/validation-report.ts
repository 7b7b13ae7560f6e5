import type { ColumnUse } from '../../domain/csv/header.js';
import type { ImportIssue } from '../../domain/csv/import-issue.js';
import { EMPTY_REPORT, MAX_LISTED_COLUMNS, type UploadReport } from '../../domain/uploads/upload.js';
import type { UploadKind } from '../../domain/csv/file-options.js';
import type { Findings } from './findings.js';
import { LineEndCounter, type Delimiter, type Dialect } from '../../domain/csv/dialect.js';

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Learns from one pass over a file how it is written. */
export class DialectObserver {
  readonly lineEnds = new LineEndCounter();
  delimiter: Delimiter = ',';
  private hasBom = false;

  /** The first bytes of the file. */
  begin(bytes: Buffer): void {
    this.hasBom = bytes.subarray(0, UTF8_MARK.length).equals(UTF8_MARK);
  }

  /** What was seen so far. */
  get dialect(): Dialect {
    return { delimiter: this.delimiter, lineEnds: this.lineEnds.kind, hasBom: this.hasBom };
  }
}

/** Rows by what was found about them; `read` counts all but the blank ones. */
export interface RowCounts {
  read: number;
  valid: number;
  rejected: number;
  duplicate: number;
  blank: number;
}

/** What a header tells about its file. */
export interface HeaderFindings {
  readonly kind: UploadKind;
  readonly columns: readonly ColumnUse[];
  readonly ignored: readonly string[];
  readonly warnings: readonly ImportIssue[];
}

/** What is known about a file while it is validated: its report can be asked for at any time, also after a failure. */
export class ValidationReport {
  readonly counts: RowCounts = { read: 0, valid: 0, rejected: 0, duplicate: 0, blank: 0 };
  private header: HeaderFindings | undefined;
  private observer: DialectObserver | undefined;

  constructor(readonly findings: Findings) {}

  /** Watches one pass over the file; forgets what a pass before it showed. */
  observe(): DialectObserver {
    return (this.observer = new DialectObserver());
  }

  /** Says that the file is no text of the kind that the observer takes it for. */
  forgetDialect(): void {
    this.observer = undefined;
  }

  /** Notes what the header told. */
  noteHeader(header: HeaderFindings): void {
    this.header = header;
  }

  /** What was found so far; nothing is written yet. */
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
