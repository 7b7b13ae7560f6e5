import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Dialect } from '../../../../src/domain/csv/dialect.js';
import type { CsvRecord } from '../../../../src/domain/csv/row-reading.js';
import { readCsv } from '../../../../src/ingest/csv/csv-reader.js';
import { DialectObserver } from '../../../../src/ingest/csv/validation-report.js';
import { FileError } from '../../../../src/ingest/csv/file-error.js';
import { Random } from '../../../support/generators/random.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

const SEED = 4_180;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

async function read(
  content: string | Uint8Array,
  maxRecordCharacters?: number,
): Promise<{ cells: readonly string[]; line: number }[]> {
  const path = join(folder.path, 'file.csv');
  await writeFile(path, content);
  const records = [];
  for await (const batch of readCsv(path, { maxRecordCharacters })) records.push(...batch);
  return records;
}

async function dialectOf(content: string): Promise<Dialect> {
  const path = join(folder.path, 'file.csv');
  await writeFile(path, content);
  const observer = new DialectObserver();
  for await (const _ of readCsv(path, { dialect: observer }));
  return observer.dialect;
}

async function failure(
  content: string | Uint8Array,
  maxRecordCharacters?: number,
): Promise<[string, number | undefined]> {
  try {
    await read(content, maxRecordCharacters);
  } catch (error) {
    if (error instanceof FileError) return [error.code, error.issues[0]?.line];
    throw error;
  }
  throw new Error('The file was read');
}

const cellsOf = async (content: string | Uint8Array) => (await read(content)).map(({ cells }) => cells);

describe('readCsv', () => {
  it.each([
    ['comma', 'a,b\n1,2\n'],
    ['semicolon', 'a;b\n1;2\n'],
    ['tab', 'a\tb\n1\t2\n'],
    ['BOM', '\ufeffa,b\n1,2\n'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['CR', 'a,b\r1,2\r'],
    ['no newline at the end', 'a,b\n1,2'],
    ['quotes', '"a","b"\n"1","2"\n'],
    ['blank lines before the header', '\n  \na,b\n1,2\n'],
  ])('reads a file with %s', async (_, content) => {
    expect(await cellsOf(content)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('reads a mix of line ends, and does not take a quoted delimiter in the header for one', async () => {
    expect(await cellsOf('"a;x",b\r\n1,2\n3,4\r5,6')).toEqual([
      ['a;x', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
  });

  it('finds the delimiter behind a line end, or other delimiters, in a quoted name', async () => {
    expect(await cellsOf('"Q1\nWould you, in all, recommend us?";b\n1;2\n')).toEqual([
      ['Q1\nWould you, in all, recommend us?', 'b'],
      ['1', '2'],
    ]);
  });

  it('tells the physical line of each record, quoted line ends counted', async () => {
    const records = await read('\na,b\r\n"x\r\ny",2\n\n"say ""hi""",4\n');
    expect(records.map(({ cells, line }) => [line, ...cells])).toEqual([
      [2, 'a', 'b'],
      [3, 'x\ny', '2'],
      [5, ''],
      [6, 'say "hi"', '4'],
    ]);
  });

  it.each([65_534, 65_535, 65_536])(
    'keeps characters and line ends whole across a chunk that ends at byte %d',
    async (at) => {
      const head = 'a,b\r\n';
      const filler = 'x'.repeat(at - head.length - 2);
      expect(await cellsOf(`${head}${filler},€\r\n1,2\r\n`)).toEqual([
        ['a', 'b'],
        [filler, '€'],
        ['1', '2'],
      ]);
      expect(await cellsOf(`${head}${filler},\r\n1,2\r\n`)).toEqual([
        ['a', 'b'],
        [filler, ''],
        ['1', '2'],
      ]);
    },
  );

  it.each([65_533, 65_534, 65_535])(
    'takes blanks after a quote across a chunk end at byte %d',
    async (at) => {
      const filler = 'x'.repeat(at - 'a,b\n""'.length);
      expect(await cellsOf(`a,b\n"${filler}"   ,2\n3,4\n`)).toEqual([
        ['a', 'b'],
        [filler, '2'],
        ['3', '4'],
      ]);
    },
  );

  it(`reads back what was written, over several chunks (seed ${SEED})`, async () => {
    const random = new Random(SEED);
    const pieces = ['x', 'Sales', '""', '€', '😀', ' ', ',', ';', '\n', '\r\n', '1'];
    const rows = Array.from({ length: 12_000 }, () =>
      Array.from({ length: 3 }, () =>
        Array.from({ length: random.whole(0, 5) }, () => random.pick(pieces)).join(''),
      ),
    );
    const line = (row: readonly string[]) =>
      row.map((cell) => `"${cell}"${random.pick(['', '', ' '])}`).join(',') + random.pick(['\n', '\r\n']);
    const records = await read(['a,b,c\n', ...rows.map(line)].join(''));
    const physical = (text: string) => text.split('\n').length - 1;
    let at = 2;
    const expected = rows.map((row) => {
      const cells = row.map((cell) => cell.replaceAll('""', '"').replaceAll('\r\n', '\n'));
      const record = { cells, line: at };
      at += 1 + physical(cells.join(''));
      return record;
    });
    expect(records.slice(1)).toEqual(expected);
  });

  it('names the line of a stray quote, whether or not another quote follows', async () => {
    expect(await failure('a,b\n1,2\n"x"y,2\n3,4\n')).toEqual(['stray_quote', 3]);
    expect(await failure('a,b\n"x"y,2\n3,"4"\n')).toEqual(['stray_quote', 2]);
    expect(await cellsOf('a,b\nx"y",5" wide\n')).toEqual([
      ['a', 'b'],
      ['x"y"', '5" wide'],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['blank lines', '\n \n'],
    ['a BOM', '\ufeff'],
  ])('reads no record from %s', async (_, content) => {
    expect(await read(content)).toEqual([]);
  });

  it('names the encodings that people send instead', async () => {
    const message = async (content: Uint8Array) =>
      read(content).catch((error: unknown) => (error instanceof FileError ? error.message : error));
    const utf16 = Buffer.from('\ufeffa,b\n1,2\n', 'utf16le');
    expect(await message(Buffer.from('a\nM\xfcller\n', 'latin1'))).toContain('Latin-1');
    expect(await message(utf16)).toContain('UTF-16');
    expect(await message(utf16.subarray(2))).toContain('UTF-16');
  });

  it('refuses a record that does not end, quoted or not', async () => {
    expect(await failure(`a,b\n${'x'.repeat(1_200_000)},2\n`)).toEqual(['record_too_long', 2]);
    expect(await failure('x'.repeat(1_200_000))).toEqual(['record_too_long', 1]);
  });

  it.each([
    ['stray_quote', '"x"y,2\n'],
    ['unclosed_quote', '"x,2\n'],
    ['record_too_long', `${'x'.repeat(101)},2\n3,4\n`],
  ])('gives the records before the fault, then says %s', async (code, end) => {
    const path = join(folder.path, 'file.csv');
    await writeFile(path, `a,b\n1,2\n${end}`);
    const reader = readCsv(path, { maxRecordCharacters: 100 });
    const { value } = await reader.next();
    expect((value ?? []).map(({ cells, line }: CsvRecord) => [line, ...cells])).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
    ]);
    await expect(reader.next()).rejects.toMatchObject({ code, issues: [{ line: 3 }] });
  });

  it('refuses a record that ends, but too late, wherever it stands', async () => {
    const record = (length: number) => `${'x'.repeat(length - 2)},2`;
    const file = (length: number) => `a,b\n1,2\n${record(length)}\n1,2\n`;
    expect(await read(file(1_000), 1_000)).toHaveLength(4);
    expect(await failure(file(1_001), 1_000)).toEqual(['record_too_long', 3]);
    expect(await failure(`a,b\n${record(1_001)}`, 1_000)).toEqual(['record_too_long', 2]);
    expect(await failure(`${record(1_001)}\n1,2\n`, 1_000)).toEqual(['record_too_long', 1]);
    expect(await failure(file(1_060_000))).toEqual(['record_too_long', 3]);
    expect(await read(file(1_048_576))).toHaveLength(4);
  });

  it.each([
    ['a,b\n1,2\n', { delimiter: ',', lineEnds: 'lf', hasBom: false }],
    ['\ufeffa;b\r\n1;2\r\n', { delimiter: ';', lineEnds: 'crlf', hasBom: true }],
    ['a\tb\r1\t2\r', { delimiter: '\t', lineEnds: 'cr', hasBom: false }],
    ['a,b\r\n1,2\n', { delimiter: ',', lineEnds: 'mixed', hasBom: false }],
    ['a,b', { delimiter: ',', lineEnds: 'none', hasBom: false }],
  ])('tells how %j is written', async (content, dialect) => {
    expect(await dialectOf(content)).toEqual(dialect);
  });

  it('refuses what is not UTF-8 text', async () => {
    expect(await failure(Buffer.from('a,b\nM\xfcller,2\n', 'latin1'))).toEqual(['latin1', 2]);
    expect(await failure(Buffer.from('a,b\n1,2\n', 'utf16le'))).toEqual(['utf16', undefined]);
    expect(await failure(Buffer.from('a,b\ré,\xc0\xaf\r', 'latin1'))).toEqual(['not_utf8', 2]);
    expect(await failure(Buffer.from([0x61, 0x2c, 0xe2, 0x82]))).toEqual(['not_utf8', 1]);
    expect(await failure('a,b\n1,\u0000\n')).toEqual(['nul_byte', 2]);
  });

  it('names the line of a quote that is never closed, without reading a large file to its end', async () => {
    expect(await failure('a,b\n1,2\n"x,3\n4,5\n')).toEqual(['unclosed_quote', 3]);
    expect(await failure(`a,b\n"x,3\n${'4,5\n'.repeat(1_000_000)}`)).toEqual(['unclosed_quote', 2]);
  });
});
