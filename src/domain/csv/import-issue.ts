/** The maximum length of a text from a file in a report. */
const EXCERPT_CHARACTERS = 80;

/** The beginning of a text from a file, at most 80 UTF-16 units. Never cuts a surrogate pair. */
export function excerpt(text: string): string {
  if (text.length <= EXCERPT_CHARACTERS) return text;
  return text.slice(0, EXCERPT_CHARACTERS).replace(/[\ud800-\udbff]$/u, '');
}

/**
 * Errors of a file as a whole, each with a sentence that names the fix. These codes, and those of the tables below, are
 * stable: callers match on them. `docs/reference/upload-codes.md` lists them all.
 */
export const FILE_ERRORS = {
  empty_file: 'The file is empty. Send a CSV whose first line names the columns.',
  not_utf8: 'The file is not UTF-8 throughout. Save it as "CSV UTF-8" and send it again.',
  latin1: 'The file is Latin-1 (Windows-1252), not UTF-8. Save it as "CSV UTF-8" and send it again.',
  utf16: 'The file is UTF-16 ("Unicode text"), not UTF-8. Save it as "CSV UTF-8" and send it again.',
  nul_byte: 'The file holds a NUL byte, so it is not a text file. Save it as "CSV UTF-8" and send it again.',
  unknown_header:
    'The first line names the columns of no known kind of file. Add a header line, or set "kind".',
  missing_column: 'A required column is missing.',
  duplicate_header: 'Two columns have the same name. Rename or remove one.',
  empty_header: 'A column has no name. Name it or remove the column.',
  header_too_long: 'The name of a column is longer than allowed. Shorten it.',
  unclosed_quote: 'A quoted cell is never closed. Close the quote, or double it if it belongs to the text.',
  stray_quote: 'A quote stands inside a quoted cell. Double it ("") where it belongs to the text.',
  record_too_long: 'A record is longer than allowed. Check the quotes before it.',
  too_many_rows: 'The file has too many rows. Split it.',
  too_many_columns: 'The file has too many columns. Remove those that are not needed.',
  too_many_errors:
    'More rows were rejected than max_errors allows, so nothing was written. See the errors found so far.',
  no_valid_rows: 'No row of the file is valid, so nothing was written. See the errors.',
  rejected_rows: 'Some rows are not valid and the mode is strict, so nothing was written. See the errors.',
} as const;
export type FileErrorCode = keyof typeof FILE_ERRORS;

/** Errors of a row. */
export const ROW_ERRORS = {
  too_few_cells: 'The row has fewer cells than the header.',
  too_many_cells: 'The row has more cells than the header. Quote cells that hold the delimiter.',
  cell_too_long: 'The cell is longer than allowed.',
  blank_id: 'The id is blank.',
  id_too_long: 'The id is longer than 256 characters.',
  invalid_id: 'The id holds a control, zero-width or direction character.',
  name_too_long: 'The department name is longer than 256 characters.',
  blank_name: 'The department name is blank.',
  blank_date: 'The date is blank.',
  invalid_date: 'The date is not a calendar date in the form YYYY-MM-DD.',
  ambiguous_date:
    'The order of day and month is ambiguous. Use YYYY-MM-DD, or set date_format to DMY or MDY.',
  future_date: 'The date is more than 24 hours in the future.',
  invalid_answer: 'The answer is not a whole number on the scale of the survey.',
  conflicting_duplicate:
    'The same id stands in the file more than once with different content; none of these rows is taken.',
  conflicting_name:
    'The same department name stands in the file under more than one id; none of these rows is taken.',
} as const;
export type RowErrorCode = keyof typeof ROW_ERRORS;

/** Warnings: the file is imported all the same. */
export const WARNINGS = {
  question_missing: 'The file has no column for a scored question; what it feeds is computed without it.',
  column_ignored: 'The column is not known and was not read.',
} as const;
export type WarningCode = keyof typeof WARNINGS;

/** One finding about a file: its place, its code and a sentence that names the fix. */
export interface ImportIssue {
  readonly code: FileErrorCode | RowErrorCode | WarningCode;
  readonly message: string;
  /** The physical line at which the record starts, from 1. */
  readonly line?: number;
  /** The name of the column in the file. */
  readonly column?: string;
  /** The beginning of the invalid cell, unless it is blank. */
  readonly value?: string;
}
