import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROW_ERRORS } from '../../../src/domain/csv/import-issue.js';
import type { RowReader } from '../../../src/domain/csv/row-reading.js';
import { acceptedRows, validateRows } from '../../../src/upload/row-validation.js';
import { RowSet } from '../../../src/upload/row-set.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

interface Row {
  readonly id: string;
  readonly row: number;
}

/** Any row is valid but those whose id is `bad`. */
const reader: RowReader<Row> = ({ cells, line }, row) =>
  cells[0] === 'bad'
    ? { issues: [{ code: 'invalid_id', message: ROW_ERRORS.invalid_id, line }] }
    : { row: { id: cells[0] ?? '', row } };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

async function validate(lines: readonly string[], maxRows = 100) {
  const path = join(folder.path, 'rows.csv');
  await writeFile(path, ['id,value', ...lines].join('\n'));
  const verdicts = await validateRows(path, reader, ({ id }) => id, maxRows);
  const rows: Row[] = [];
  for await (const batch of acceptedRows(path, reader, verdicts.skipped, 2)) rows.push(...batch);
  return {
    counts: verdicts.counts,
    errors: verdicts.errors.first.map(({ code, line }) => [code, line]),
    rows: rows.map(({ row }) => row),
  };
}

describe('validateRows', () => {
  it('counts every row once, and hands on the valid ones', async () => {
    expect(await validate(['a,1', 'bad,1', '', ',', 'b,1', 'a,1', 'c,1', 'd,1'])).toEqual({
      counts: { read: 6, valid: 4, rejected: 1, duplicate: 1, blank: 2 },
      errors: [['invalid_id', 3]],
      rows: [1, 5, 7, 8],
    });
  });

  it('rejects every row of an id with different contents, however often it comes', async () => {
    expect(await validate(['a,1', 'b,1', 'a,2', 'a,1'])).toEqual({
      counts: { read: 4, valid: 1, rejected: 3, duplicate: 0, blank: 0 },
      errors: [
        ['conflicting_duplicate', 2],
        ['conflicting_duplicate', 4],
        ['conflicting_duplicate', 5],
      ],
      rows: [2],
    });
  });

  it('rejects the first row too when a different one comes after an identical one', async () => {
    const { counts, errors } = await validate(['a,1', 'a,1', 'a,2', 'b,1']);
    expect([counts.valid, errors]).toEqual([
      1,
      [
        ['conflicting_duplicate', 2],
        ['conflicting_duplicate', 4],
      ],
    ]);
    expect(counts.read).toBe(counts.valid + counts.rejected + counts.duplicate);
  });

  it('does not compare with a row that was not valid', async () => {
    expect((await validate(['bad,1', 'bad,2', 'a,1'])).counts).toMatchObject({ rejected: 2, duplicate: 0 });
  });

  it('does not take cells that join alike for the same row', async () => {
    expect((await validate(['a,"1,2"', 'a,1'])).counts).toMatchObject({ rejected: 2 });
  });

  it('refuses a file with too many rows; blank ones do not count', async () => {
    await expect(validate(['a,1', '', 'b,1'], 2)).resolves.toMatchObject({ counts: { read: 2 } });
    await expect(validate(['a,1', 'b,1', 'c,1'], 2)).rejects.toMatchObject({ code: 'too_many_rows' });
  });
});

describe('RowSet', () => {
  it('holds what was added and nothing else', () => {
    const set = new RowSet();
    const added = [0, 31, 32, 33, 1_000_000];
    added.forEach((row) => set.add(row));
    expect([...added, 1, 30, 34, 999_999, 1_000_001, 5_000_000].filter((row) => set.has(row))).toEqual(added);
  });
});

describe('a stop', () => {
  it('breaks off both passes over a file', async () => {
    const path = join(folder.path, 'stopped.csv');
    await writeFile(path, 'id,value\na,1\n');
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(validateRows(path, reader, ({ id }) => id, 10, stop)).rejects.toThrow('stopped');
    const rows = acceptedRows(path, reader, new RowSet(), 2, stop);
    await expect(rows.next()).rejects.toThrow('stopped');
  });
});
