import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCsv } from '../../../src/upload/csv-reader.js';
import { FileError } from '../../../src/upload/file-error.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

async function read(content: string | Uint8Array): Promise<{ cells: readonly string[]; line: number }[]> {
  const path = join(folder.path, 'file.csv');
  await writeFile(path, content);
  const records = [];
  for await (const batch of readCsv(path)) records.push(...batch);
  return records;
}

async function failure(content: string | Uint8Array): Promise<[string, number | undefined]> {
  try {
    await read(content);
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

  it('refuses what is not UTF-8 text', async () => {
    expect(await failure(Buffer.from('a,b\nM\xfcller,2\n', 'latin1'))).toEqual(['not_utf8', undefined]);
    expect(await failure(Buffer.from('a,b\n1,2\n', 'utf16le'))).toEqual(['nul_byte', undefined]);
    expect(await failure(Buffer.from([0x61, 0x2c, 0xe2, 0x82]))).toEqual(['not_utf8', undefined]);
    expect(await failure('a,b\n1,\u0000\n')).toEqual(['nul_byte', undefined]);
  });

  it('names the line of a quote that is never closed, without reading a large file to its end', async () => {
    expect(await failure('a,b\n1,2\n"x,3\n4,5\n')).toEqual(['unclosed_quote', 3]);
    expect(await failure(`a,b\n"x,3\n${'4,5\n'.repeat(1_000_000)}`)).toEqual(['unclosed_quote', 2]);
  });
});
