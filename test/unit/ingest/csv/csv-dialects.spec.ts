import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCsv } from '../../../../src/ingest/csv/csv-reader.js';
import { CSV_DIALECTS, writeCsv, type TextTable } from '../../../support/generators/csv-dialects.js';
import { Random } from '../../../support/generators/random.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';
import { companyFiles } from '../../../support/generators/text-tables.js';

const SEEDS = [1, 2, 3];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

/** The rows of a file as records of cells by column, so that the order of columns does not matter. */
async function read(content: string): Promise<Record<string, string>[]> {
  const path = join(folder.path, 'file.csv');
  await writeFile(path, content);
  const records: (readonly string[])[] = [];
  for await (const batch of readCsv(path)) records.push(...batch.map(({ cells }) => cells));
  const [columns = [], ...rows] = records;
  return named({ columns, rows });
}

function named({ columns, rows }: TextTable): Record<string, string>[] {
  return rows.map((cells) => Object.fromEntries(cells.map((cell, index) => [columns[index] ?? '', cell])));
}

const NAMES = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };

describe('every dialect', () => {
  it.each(
    CSV_DIALECTS.map((dialect) => {
      const { delimiter, lineEnds, hasBom, quotes, endsWithLineEnd } = dialect;
      const rest = [hasBom ? 'a mark' : 'no mark', endsWithLineEnd ? 'a last line end' : 'no last line end'];
      return [
        [NAMES[delimiter], JSON.stringify(lineEnds), `${quotes} quotes`, ...rest].join(', '),
        dialect,
      ] as const;
    }),
  )('reads back as it was written: %s', async (_, dialect) => {
    for (const seed of SEEDS) {
      const random = new Random(seed);
      for (const table of Object.values<TextTable>({ ...companyFiles(random) }))
        expect({ seed, rows: await read(writeCsv(table, dialect, random)) }).toEqual({
          seed,
          rows: named(table),
        });
    }
  });
});
