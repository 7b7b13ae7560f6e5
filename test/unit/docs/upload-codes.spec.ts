import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { FILE_ERRORS, ROW_ERRORS, WARNINGS } from '../../../src/domain/csv/import-issue.js';
import { UPLOAD_FAILURES } from '../../../src/domain/uploads/upload.js';

const page = await readFile(new URL('../../../docs/reference/upload-codes.md', import.meta.url), 'utf8');

/** The codes and sentences in the table below a heading. */
function tableBelow(heading: string): Record<string, string> {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  const rows = own.matchAll(/^\| `(?<code>[a-z0-9_]+)` *\| (?<sentence>.*?) *\|$/gm);
  return Object.fromEntries(Array.from(rows, ({ groups }) => [groups?.code ?? '', groups?.sentence ?? '']));
}

describe('docs/reference/upload-codes.md', () => {
  it.each([
    ['The file cannot be imported', FILE_ERRORS],
    ['A row is rejected', ROW_ERRORS],
    ['Warnings', WARNINGS],
    ['The import broke off', UPLOAD_FAILURES],
  ])('has under "%s" every code with its sentence, in order, and no other', (heading, codes) => {
    expect(Object.entries(tableBelow(heading))).toEqual(Object.entries(codes));
  });

  it('gives no code two meanings', () => {
    const codes = [FILE_ERRORS, ROW_ERRORS, WARNINGS, UPLOAD_FAILURES].flatMap((table) => Object.keys(table));
    expect(new Set(codes).size).toBe(codes.length);
  });
});
