import { excerpt, ROW_ERRORS, type ImportIssue, type RowErrorCode } from './import-issue.js';

/** The result of reading a row: the row, or all its errors. */
export type RowReading<Row> = { readonly row: Row } | { readonly issues: readonly ImportIssue[] };

/** A record from the CSV reader. */
export interface CsvRecord {
  readonly cells: readonly string[];
  /** The physical line at which the record starts; the first line of the file is 1. */
  readonly line: number;
}

/** Reads a record. `row` is its position after the header, from 1. */
export type RowReader<Row> = (record: CsvRecord, row: number) => RowReading<Row>;

/** The maximum length of an id and of a department name, in UTF-16 units. Longer keys do not fit into every store. */
export const MAX_ID_CHARACTERS = 256;

// Controls and invisible characters (zero-width, bidi marks and overrides, BOM, variation selectors, fillers): with them
// two different ids could look the same.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;

/** The error of a trimmed id; undefined for a valid one. */
export function idError(id: string): RowErrorCode | undefined {
  if (id === '') return 'blank_id';
  if (id.length > MAX_ID_CHARACTERS) return 'id_too_long';
  return INVISIBLE.test(id) ? 'invalid_id' : undefined;
}

/** Collects the issues of one row. */
export class RowIssues {
  private readonly found: ImportIssue[] = [];

  constructor(
    private readonly record: CsvRecord,
    private readonly names: readonly string[],
  ) {}

  /** Adds an error. `index` is the column of the cell, from 0. */
  add(code: RowErrorCode, index?: number): void {
    const { cells, line } = this.record;
    const [name, cell = ''] = index === undefined ? [] : [this.names[index], cells[index]];
    this.found.push({
      code,
      message: ROW_ERRORS[code],
      line,
      ...(name === undefined ? {} : { column: excerpt(name.trim()) }),
      ...(cell.trim() === '' ? {} : { value: excerpt(cell) }),
    });
  }

  isEmpty(): boolean {
    return this.found.length === 0;
  }

  get all(): readonly ImportIssue[] {
    return this.found;
  }
}

/** Checks the number of cells and their length, for every kind of row. */
export function checkShape(record: CsvRecord, columns: number, maxCell: number, issues: RowIssues): void {
  const { cells } = record;
  if (cells.length < columns) issues.add('too_few_cells');
  if (cells.length > columns) issues.add('too_many_cells');
  for (let index = 0; index < cells.length; index += 1) {
    if ((cells[index]?.length ?? 0) > maxCell) issues.add('cell_too_long', index);
  }
}

/**
 * A 53-bit digest of the cells of a record (a multiplicative hash after "cyrb53"). It detects identical rows with the same
 * id; it is not for security.
 */
export function digestOf(cells: readonly string[]): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const mix = (code: number): void => {
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  };
  for (const cell of cells) {
    for (let index = 0; index < cell.length; index += 1) mix(cell.charCodeAt(index));
    mix(0x1_0000); // no character has this code, so cells cannot run into each other
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
