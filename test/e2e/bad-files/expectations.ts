import { expect } from '@jest/globals';
import Papa from 'papaparse';
import type { TestApp, UploadStatus } from '../../support/app/app.js';
import type { Finding, Refused, Reported } from './bad-file.js';

/** The request is refused with problem details. */
export async function expectRefusal(response: Response, { refused, code }: Refused): Promise<void> {
  const problem: unknown = await response.json();
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect([response.status, problem]).toEqual([refused, expect.objectContaining({ status: refused, code })]);
}

/** The report says all that is expected and no more, and its counts add up. */
export function expectReport(status: UploadStatus, expected: Reported, isDryRun: boolean): void {
  const { result } = status;
  const { fails, errors = [], warnings = [], report = {} } = expected;
  expect({ status: status.status, code: status.code, errors: findings(result.errors, errors) }).toEqual({
    status: fails === undefined ? 'completed' : 'failed',
    code: fails ?? null,
    errors: errors.map(([code, line, column, value]) => ({ code, line, column, value })),
  });
  for (const { message } of result.errors) expect(message).toMatch(/^[A-Z].{10,}\.$/);
  expect(result.warnings.map(({ code, column }) => [code, column])).toEqual(warnings);
  expect(result).toMatchObject(report);
  expect(result.rows_read).toBe(result.rows_valid + result.rows_rejected + result.rows_duplicate);
  if (fails !== undefined || isDryRun)
    expect(result).toMatchObject({ rows_written: 0, alerts_raised: 0, alerts_cleared: 0 });
}

/** Errors without their sentences; a value only where the expected one has it. */
function findings(errors: UploadStatus['result']['errors'], expected: readonly Finding[]): unknown[] {
  return errors.map(({ code, line, column, value }, index) => ({
    code,
    line,
    column,
    value: expected[index]?.[3] === undefined ? undefined : value,
  }));
}

/** The error file says what the status says, counts as it counts, and is safe to open in a spreadsheet. */
export async function expectErrorFile(app: TestApp, { result }: UploadStatus): Promise<void> {
  const text = await (await app.request(result.errors_url)).text();
  const [header, ...lines] = Papa.parse<string[]>(text.trimEnd()).data;
  expect(header).toEqual(['line', 'column', 'code', 'message', 'value']);
  expect(lines).toHaveLength(result.errors_total);
  expect(lines.slice(0, 100).map(([line, , code]) => [line, code])).toEqual(
    result.errors.map(({ line = '', code }) => [String(line), code]),
  );
  for (const cell of lines.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
}
