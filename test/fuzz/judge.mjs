// What must hold of every answer to an upload, whatever was sent.
import assert from 'node:assert/strict';
import Papa from 'papaparse';
import { FILE_ERRORS, ROW_ERRORS, WARNINGS } from '../../dist/domain/csv/import-issue.js';
import { PROBLEMS } from '../../dist/platform/http/problem.js';

/** Codes of an upload that failed by no fault of the file never appear here. */
const FAILURES = Object.keys(FILE_ERRORS);
const SHOWN = 100;

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
  if (writesNothing({ status, fields })) {
    assert.deepEqual([rows_written, result.alerts_raised, result.alerts_cleared], [0, 0, 0]);
  } else if (result.kind === 'survey') {
    assert.equal(rows_written, rows_valid);
  }
  if (status === 'failed')
    assert.ok(result.errors.length > 0 || rows_read === 0, 'a failure without an error');
  if (fields.mode === 'strict' && status === 'completed') assert.equal(rows_rejected, 0);
  if (fields.max_errors !== undefined)
    assert.equal(code === 'too_many_errors', rows_rejected > Number(fields.max_errors));
}

/** Whether an upload must leave the tables as they are. */
export function writesNothing({ status, fields }) {
  return status === 'failed' || fields.dry_run === 'true';
}

/** The error file agrees with the report: as many lines as errors, by line, and every rejected row among them. */
export function judgeErrorFile(text, { result }) {
  const { data } = Papa.parse(text.trimEnd());
  const [header, ...lines] = data;
  assert.deepEqual(header, ['line', 'column', 'code', 'message', 'value']);
  assert.equal(lines.length, result.errors_total);
  const shown = result.errors.map(({ line = '', code, message }) => [String(line), code, message]);
  assert.equal(shown.length, Math.min(SHOWN, lines.length));
  assert.deepEqual(
    lines.slice(0, SHOWN).map(([line, , code, message]) => [line, code, message]),
    shown,
  );
  const rejected = lines.filter(([, , code]) => code in ROW_ERRORS).map(([line]) => Number(line));
  assert.equal(new Set(rejected).size, result.rows_rejected, 'rejected rows in the error file');
  assert.deepEqual(
    rejected,
    rejected.toSorted((a, b) => a - b),
  );
  for (const cell of lines.flat())
    assert.ok(!/^[=+\-@\t\r]/.test(cell), `a formula in the error file: ${cell}`);
}

/** The log gained as many alerts as the report says were raised and cleared. */
export function judgeAlerts({ items }, { result }) {
  const cleared = items.filter(({ type }) => type === 'alert_cleared').length;
  assert.deepEqual(
    [items.length - cleared, cleared],
    [result.alerts_raised, result.alerts_cleared],
    'alerts',
  );
}
