import { describe, expect, it } from '@jest/globals';
import Papa from 'papaparse';
import type { ImportIssue } from '../../../../src/domain/csv/import-issue.js';
import { findingsFile } from '../../../../src/ingest/csv/findings-csv.js';

async function* partsOf(...parts: ImportIssue[][]): AsyncGenerator<ImportIssue[]> {
  for (const part of parts) yield Promise.resolve(part);
}

async function text(...parts: ImportIssue[][]): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of findingsFile(partsOf(...parts))) pieces.push(piece);
  return pieces.join('');
}

const issue = (value: string): ImportIssue => ({
  code: 'invalid_answer',
  message: 'No "number", sorry.',
  line: 3,
  column: 'Q1',
  value,
});
const cells = async (...parts: ImportIssue[][]) =>
  Papa.parse<string[]>((await text(...parts)).trimEnd()).data;

describe('findingsFile', () => {
  it('is a header alone where nothing was found', async () => {
    expect(await text()).toBe('line,column,code,message,value\n');
    expect(await text([], [])).toBe('line,column,code,message,value\n');
  });

  it('has a line for each finding, and one header over all parts', async () => {
    expect(await text([issue('6')], [], [{ code: 'utf16', message: 'Save it.' }, issue('a,b\n"c"')])).toBe(
      [
        'line,column,code,message,value',
        '3,Q1,invalid_answer,"No ""number"", sorry.",6',
        ',,utf16,Save it.,',
        '3,Q1,invalid_answer,"No ""number"", sorry.","a,b\n""c"""',
        '',
      ].join('\n'),
    );
  });

  it.each(["=cmd|'/c calc'!A1", '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=1\n+2'])(
    'takes the formula out of %j, in a value and in the name of a column',
    async (formula) => {
      const [, row] = await cells([{ ...issue(formula), column: formula }]);
      expect([row?.[1], row?.[4]]).toEqual([`'${formula}`, `'${formula}`]);
    },
  );

  it('leaves other texts alone', async () => {
    const [, row] = await cells([issue("<script>1 = 1</script>'")]);
    expect(row?.[4]).toBe("<script>1 = 1</script>'");
  });

  it('gives nothing out before the first part is there', async () => {
    const broken = async function* (): AsyncGenerator<ImportIssue[]> {
      yield await Promise.reject(new Error('no answer'));
    };
    await expect(findingsFile(broken()).next()).rejects.toThrow('no answer');
  });
});
