import type { CsvRecord, RowReader } from '../../domain/csv/row-reading.js';
import { readCsv } from './csv-reader.js';
import type { DialectObserver, ValidationReport, RowCounts } from './validation-report.js';
import { FileError } from './file-error.js';
import { RowValidator, type RowRules } from './row-validator.js';
import type { Bitset } from './row-index.js';

/** Hears now and then how much of a file was read: bytes of it, and rows. */
export type ReadingWatch = (bytes: number, rows: number) => void;

/** What the first pass over a file found. `skipped` holds the rows that are not to be written. */
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

/** How much of a file is looked at. */
export interface RowLimits {
  readonly maxRows: number;
  /** Validation ends once more rows than this are rejected. Absent: however many. */
  readonly maxErrors?: number | undefined;
  /** Hears how far the first reading of the file is. */
  readonly watch?: ReadingWatch | undefined;
}

/**
 * Judges every row of a file and adds to the inspection what it finds, by line, also when it fails. A file in which rows
 * have one id and different contents is read twice, since the first of them is found out by the last. Throws FileError for
 * what makes the whole file unusable, StorageError, and the signal's reason soon after it aborts.
 */
export async function validateRows<Row>(
  source: RowSource,
  rules: RowRules<Row>,
  { maxRows, maxErrors = Infinity, watch }: RowLimits,
  inspection: ValidationReport,
): Promise<RowVerdicts> {
  const { counts, findings } = inspection;
  const judge = new RowValidator(rules, maxRows, counts);
  try {
    for await (const { record, row } of numberedRows(source, inspection.observe(), (bytes) =>
      watch?.(bytes, counts.read),
    )) {
      const issues = judge.judge(record, row);
      if (issues.length > 0) await findings.add(issues);
      if (counts.rejected > maxErrors) throw new FileError('too_many_errors', []);
    }
  } catch (error) {
    if (error instanceof FileError && judge.hasConflicts) await addAgain(source, judge, inspection);
    throw error;
  }
  if (judge.hasConflicts) await addAgain(source, judge, inspection);
  return { counts, skipped: judge.skipped };
}

/** Adds the findings anew, with the conflicts where they belong, up to the last row that was judged. */
async function addAgain<Row>(
  source: RowSource,
  judge: RowValidator<Row>,
  { findings }: ValidationReport,
): Promise<void> {
  await findings.restart();
  for await (const { record, row } of numberedRows(source)) {
    const issues = judge.explain(record, row);
    if (issues.length > 0) await findings.add(issues);
    if (row === judge.lastRow) return;
  }
}

/** The rows that are not skipped, in file order, in batches of at most `batchSize`. Breaks off when the signal aborts. */
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
