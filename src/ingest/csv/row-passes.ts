import type { CsvRecord, RowReader } from '../../domain/csv/row-reading.js';
import { readCsv } from './csv-reader.js';
import type { DialectObserver, ValidationReport, RowCounts } from './validation-report.js';
import { FileError } from './file-error.js';
import { RowValidator, type RowRules } from './row-validator.js';
import type { Bitset } from './row-index.js';

/** Called as a file is read, with the bytes and rows so far. */
export type OnChecked = (bytes: number, rows: number) => void;

/** The result of the first pass over a file. `skipped` holds the rows that must not be written. */
export interface RowVerdicts {
  readonly counts: RowCounts;
  readonly skipped: Bitset;
}

/** A file, and when to stop reading it. */
export interface RowSource {
  readonly path: string;
  readonly maxRecordCharacters?: number | undefined;
  readonly signal?: AbortSignal;
}

/** The limits of the first pass. */
export interface RowLimits {
  readonly maxRows: number;
  /** Validation ends once more rows than this are rejected. Absent: no limit. */
  readonly maxErrors?: number | undefined;
  readonly onChecked?: OnChecked | undefined;
}

/**
 * Validates every row of a file and adds the findings to the inspection by line, also when it fails. A file with
 * conflicting rows is read twice, since only the last row of a conflict reveals the first. Throws FileError when the whole
 * file is unusable, StorageError, and the signal's reason soon after it aborts.
 */
export async function validateRows<Row>(
  source: RowSource,
  rules: RowRules<Row>,
  { maxRows, maxErrors = Infinity, onChecked }: RowLimits,
  inspection: ValidationReport,
): Promise<RowVerdicts> {
  const { counts, findings } = inspection;
  const validator = new RowValidator(rules, maxRows, counts);
  try {
    for await (const { record, row } of numberedRows(source, inspection.observe(), (bytes) =>
      onChecked?.(bytes, counts.read),
    )) {
      const issues = validator.validate(record, row);
      if (issues.length > 0) await findings.add(issues);
      if (counts.rejected > maxErrors) throw new FileError('too_many_errors', []);
    }
  } catch (error) {
    if (error instanceof FileError && validator.hasConflicts) await addAgain(source, validator, inspection);
    throw error;
  }
  if (validator.hasConflicts) await addAgain(source, validator, inspection);
  return { counts, skipped: validator.skipped };
}

/** Replaces the findings, with the conflicts in the order of the lines, up to the last row that was validated. */
async function addAgain<Row>(
  source: RowSource,
  validator: RowValidator<Row>,
  { findings }: ValidationReport,
): Promise<void> {
  await findings.restart();
  for await (const { record, row } of numberedRows(source)) {
    const issues = validator.explain(record, row);
    if (issues.length > 0) await findings.add(issues);
    if (row === validator.lastRow) return;
  }
}

/** The rows that are not skipped, in file order, in batches of at most `batchSize`. Throws the signal's reason when it aborts. */
export async function* acceptedRows<Row>(
  source: RowSource,
  reader: RowReader<Row>,
  skipped: Bitset,
  batchSize: number,
): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  for await (const { record, row } of numberedRows(source)) {
    if (skipped.has(row)) continue;
    const reading = reader(record, row);
    if ('issues' in reading) throw new Error(`Row ${row} was valid in the first pass and is not any more`);
    batch.push(reading.row);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* numberedRows(
  { path, maxRecordCharacters, signal }: RowSource,
  dialect?: DialectObserver,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<{ record: CsvRecord; row: number }> {
  let row = -1;
  for await (const records of readCsv(path, { maxRecordCharacters, dialect, onBytes })) {
    signal?.throwIfAborted();
    for (const record of records) {
      row += 1;
      if (row > 0) yield { record, row };
    }
  }
}
