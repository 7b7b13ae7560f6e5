import Papa from 'papaparse';
import type { ImportIssue } from '../../domain/csv/import-issue.js';

const COLUMNS = ['line', 'column', 'code', 'message', 'value'] as const;
/** Texts that a spreadsheet interprets as a formula, whatever follows; papaparse's own pattern ends at a line end. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * The findings of an upload as a CSV file, in pieces: a header, then one line per finding. The first piece follows the first
 * successful read. A cell that a spreadsheet would interpret as a formula begins with an apostrophe. Throws what `parts`
 * throws.
 */
export async function* findingsFile(
  parts: AsyncIterable<readonly ImportIssue[]>,
): AsyncGenerator<string, void> {
  let head = `${COLUMNS.join(',')}\n`;
  for await (const findings of parts) {
    if (findings.length === 0) continue;
    yield `${head}${linesOf(findings)}\n`;
    head = '';
  }
  if (head !== '') yield head;
}

function linesOf(findings: readonly ImportIssue[]): string {
  const rows = findings.map((finding) => COLUMNS.map((name) => finding[name] ?? ''));
  return Papa.unparse(rows, { newline: '\n', escapeFormulae: FORMULA });
}
