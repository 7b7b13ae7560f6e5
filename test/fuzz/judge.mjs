// What must hold of every answer to an upload, whatever was sent.
import assert from 'node:assert/strict';
import { FILE_ERRORS, ROW_ERRORS, WARNINGS } from '../../dist/domain/csv/import-issue.js';
import { PROBLEMS } from '../../dist/http/problem-codes.js';

/** Codes of an upload that failed by no fault of the file never appear here. */
const FAILURES = Object.keys(FILE_ERRORS);

/** A refusal is a documented problem of the request. */
export function judgeRefusal(status, problem) {
  assert.ok([400, 413, 415].includes(status), `status ${status}`);
  assert.equal(PROBLEMS[problem.code]?.status, status, `code ${problem.code}`);
}

/** A report says only what is documented, and its counts add up. */
export function judgeReport({ status, code, result, progress }, fields) {
  assert.equal(progress, 100);
  assert.ok(
    status === 'completed' ? code === null : FAILURES.includes(code),
    `${status} with the code ${code}`,
  );
  for (const issue of result.errors)
    assert.ok(issue.code in ROW_ERRORS || issue.code in FILE_ERRORS, `error ${issue.code}`);
  for (const issue of result.warnings) assert.ok(issue.code in WARNINGS, `warning ${issue.code}`);
  const { rows_read, rows_valid, rows_written, rows_rejected, rows_duplicate } = result;
  assert.equal(rows_read, rows_valid + rows_rejected + rows_duplicate);
  assert.equal(result.errors.length, Math.min(100, result.errors_total));
  if (status === 'failed') {
    assert.equal(rows_written, 0);
    assert.ok(result.errors.length > 0 || rows_read === 0, 'a failure without an error');
  } else if (fields.dry_run !== undefined) {
    assert.equal(rows_written, 0);
  } else if (result.kind === 'survey') {
    assert.equal(rows_written, rows_read - rows_rejected - rows_duplicate);
  }
  if (fields.mode === 'strict' && status === 'completed') assert.equal(rows_rejected, 0);
}
