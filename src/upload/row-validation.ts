import { digestOf } from '../domain/csv/digest.js';
import { ROW_ERRORS, type ImportIssue } from '../domain/csv/import-issue.js';
import type { CsvRecord, RowReader } from '../domain/csv/row-reading.js';
import { readCsv } from './csv-reader.js';
import { FileError } from './file-error.js';
import { IssueList } from './issue-list.js';
import { RowSet } from './row-set.js';
import { SeenIds } from './seen-ids.js';

export interface RowCounts {
  readonly read: number;
  readonly valid: number;
  readonly rejected: number;
  readonly duplicate: number;
  readonly blank: number;
}

/** What the first pass over a file found. `skipped` holds the rows that are not to be written. */
export interface RowVerdicts {
  readonly counts: RowCounts;
  readonly skipped: RowSet;
  readonly errors: IssueList;
}

/**
 * Judges every row of a file. A row whose id already stood in the file is a duplicate when it is the same to the
 * letter; otherwise every row with that id is rejected. Throws FileError for what makes the whole file unusable, and
 * the signal's reason soon after it aborts.
 */
export async function validateRows<Row>(
  path: string,
  reader: RowReader<Row>,
  idOf: (row: Row) => string,
  maxRows: number,
  signal?: AbortSignal,
): Promise<RowVerdicts> {
  const skipped = new RowSet();
  const errors = new IssueList();
  const counts = { read: 0, valid: 0, rejected: 0, duplicate: 0, blank: 0 };
  const seen = new SeenIds();

  for await (const { record, row } of numberedRows(path, signal)) {
    if (isBlank(record)) {
      counts.blank += 1;
      skipped.add(row);
      continue;
    }
    counts.read += 1;
    if (counts.read > maxRows) throw new FileError('too_many_rows', record.line);
    const reading = reader(record, row);
    if ('issues' in reading) {
      counts.rejected += 1;
      skipped.add(row);
      errors.add(reading.issues);
      continue;
    }
    const id = idOf(reading.row);
    const digest = digestOf(record.cells);
    const first = seen.find(id);
    if (first === undefined) {
      counts.valid += 1;
      seen.add(id, { row, line: record.line, digest });
    } else if (first.digest === digest && !skipped.has(first.row)) {
      counts.duplicate += 1;
      skipped.add(row);
    } else {
      if (!skipped.has(first.row)) {
        skipped.add(first.row);
        counts.valid -= 1;
        counts.rejected += 1;
        errors.add([conflictAt(first.line)]);
      }
      counts.rejected += 1;
      skipped.add(row);
      errors.add([conflictAt(record.line)]);
    }
  }
  return { counts, skipped, errors };
}

/** The rows that are not skipped, in file order, in batches of at most `batchSize`. Breaks off when the signal aborts. */
export async function* acceptedRows<Row>(
  path: string,
  reader: RowReader<Row>,
  skipped: RowSet,
  batchSize: number,
  signal?: AbortSignal,
): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  for await (const { record, row } of numberedRows(path, signal)) {
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
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<{ record: CsvRecord; row: number }> {
  let row = -1;
  for await (const records of readCsv(path)) {
    signal?.throwIfAborted();
    for (const record of records) {
      row += 1;
      if (row > 0) yield { record, row };
    }
  }
}

function isBlank({ cells }: CsvRecord): boolean {
  return cells.every((cell) => cell.trim() === '');
}

function conflictAt(line: number): ImportIssue {
  return { code: 'conflicting_duplicate', message: ROW_ERRORS.conflicting_duplicate, line };
}
