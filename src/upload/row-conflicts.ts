import type { FieldOf, HeaderMap } from '../domain/csv/header.js';
import type { ImportIssue } from '../domain/csv/import-issue.js';
import { RowIssues, type CsvRecord } from '../domain/csv/row-reading.js';
import type { UploadKind } from '../domain/uploads/upload.js';
import type { ConflictCode } from '../ingest/csv/row-validator.js';

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
