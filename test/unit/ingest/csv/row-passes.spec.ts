import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROW_ERRORS } from '../../../../src/domain/csv/import-issue.js';
import type { CsvRecord, RowReader } from '../../../../src/domain/csv/row-reading.js';
import { FileError } from '../../../../src/ingest/csv/file-error.js';
import { ValidationReport } from '../../../../src/ingest/csv/validation-report.js';
import { Findings } from '../../../../src/ingest/csv/findings.js';
import type { RowRules } from '../../../../src/ingest/csv/row-validator.js';
import { acceptedRows, validateRows, type RowLimits } from '../../../../src/ingest/csv/row-passes.js';
import { Bitset } from '../../../../src/ingest/csv/row-index.js';
import { FindingsInMemory } from '../../../support/app/findings-in-memory.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

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

const rules: RowRules<Row> = {
  reader,
  idOf: ({ id }) => id,
  conflict: ({ line }: CsvRecord, code) => [{ code, message: ROW_ERRORS[code], line }],
};

/** Of each row the first letter of the id is a name, which ids must not share. */
const namingRules: RowRules<Row> = { ...rules, nameOf: ({ id }) => id.slice(0, 1) };

/** Judges the rows; `code` is that of the FileError, if there was one. */
async function inspect(lines: readonly string[], limits: RowLimits = { maxRows: 1_000_000 }, by = rules) {
  const path = join(folder.path, 'rows.csv');
  await writeFile(path, ['id,value', ...lines].join('\n'));
  const store = new FindingsInMemory();
  const inspection = new ValidationReport(new Findings(store, 'u1'));
  const rows: Row[] = [];
  let code: string | undefined;
  try {
    const { skipped } = await validateRows({ path }, by, limits, inspection);
    for await (const batch of acceptedRows({ path }, reader, skipped, 2)) rows.push(...batch);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    code = error.code;
  }
  await inspection.findings.flush();
  const errors = store.all('u1').map(({ code: of, line }) => [of, line]);
  return { code, counts: inspection.counts, errors, rows: rows.map(({ row }) => row) };
}

async function validate(lines: readonly string[], maxRows = 100) {
  const { code, ...found } = await inspect(lines, { maxRows });
  if (code !== undefined) throw new Error(`The file was refused: ${code}`);
  return found;
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

  it('rejects the first row and its copies too when a different one comes after them', async () => {
    const { counts, errors } = await validate(['a,1', 'a,1', 'a,2', 'b,1']);
    expect([counts.valid, errors]).toEqual([
      1,
      [
        ['conflicting_duplicate', 2],
        ['conflicting_duplicate', 3],
        ['conflicting_duplicate', 4],
      ],
    ]);
    expect(counts).toEqual({ read: 4, valid: 1, rejected: 3, duplicate: 0, blank: 0 });
  });

  it('rejects every row of a name that several ids have, copies too', async () => {
    const lines = ['a1,1', 'b1,1', 'a1,1', 'c1,1', 'a2,1', 'a3,1', 'c1,2', 'a2,1'];
    const { counts, errors, rows } = await inspect(lines, { maxRows: 100 }, namingRules);
    expect(counts).toEqual({ read: 8, valid: 1, rejected: 7, duplicate: 0, blank: 0 });
    expect(errors).toEqual([
      ['conflicting_name', 2],
      ['conflicting_name', 4],
      ['conflicting_duplicate', 5],
      ['conflicting_name', 6],
      ['conflicting_name', 7],
      ['conflicting_duplicate', 8],
      ['conflicting_name', 9],
    ]);
    expect(rows).toEqual([2]);
  });

  it('does not compare with a row that was not valid', async () => {
    expect((await validate(['bad,1', 'bad,2', 'a,1'])).counts).toMatchObject({ rejected: 2, duplicate: 0 });
  });

  it('does not take cells that join alike for the same row', async () => {
    expect((await validate(['a,"1,2"', 'a,1'])).counts).toMatchObject({ rejected: 2 });
  });

  it('refuses a file with too many rows; blank ones do not count', async () => {
    await expect(validate(['a,1', '', 'b,1'], 2)).resolves.toMatchObject({ counts: { read: 2 } });
    const { code, counts } = await inspect(['a,1', 'b,1', 'c,1'], { maxRows: 2 });
    expect([code, counts.read]).toEqual(['too_many_rows', 2]);
  });

  it('refuses a file with more blank rows than a sheet has rows', async () => {
    const blanks = new Array<string>(1_048_575).fill('');
    const most = ['a,1', ...blanks, ' , ', 'b,1'];
    expect(await inspect(most, { maxRows: 3 })).toMatchObject({ code: undefined, counts: { read: 2 } });
    expect(await inspect([',', ...most], { maxRows: 3 })).toMatchObject({
      code: 'too_many_rows',
      counts: { read: 1, blank: 1_048_576 },
    });
  });

  it('tells conflicts and other errors by line, for many ids', async () => {
    const lines: string[] = [];
    for (let n = 0; n < 2_000; n += 1) lines.push(`id${n},1`, `id${n},1`, 'bad,1');
    for (let n = 0; n < 2_000; n += 2) lines.push(`id${n},2`, `id${n},1`);
    const { counts, errors, rows } = await inspect(lines);
    // 1,000 ids with four rows each, and 2,000 bad rows; of the other 1,000 ids a row and its copy each.
    expect(counts).toEqual({ read: 8_000, valid: 1_000, rejected: 6_000, duplicate: 1_000, blank: 0 });
    expect([errors.length, rows.length]).toEqual([6_000, 1_000]);
    const found = errors.map(([, line]) => Number(line));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    const inConflict = (n: number) => n % 6 < 2 || n >= 6_000;
    const expected = lines.flatMap((line, n) => {
      if (line.startsWith('bad')) return [['invalid_id', n + 2]];
      return inConflict(n) ? [['conflicting_duplicate', n + 2]] : [];
    });
    expect(errors).toEqual(expected);
  });

  it('ends once more rows are rejected than are allowed, copies that turn out to conflict counted', async () => {
    const lines = ['bad,1', 'a,1', 'a,1', 'a,2', 'bad,2'];
    expect(await inspect(lines, { maxRows: 100, maxErrors: 5 })).toMatchObject({ code: undefined });
    expect(await inspect(lines, { maxRows: 100, maxErrors: 1 })).toEqual({
      code: 'too_many_errors',
      counts: { read: 4, valid: 0, rejected: 4, duplicate: 0, blank: 0 },
      errors: [
        ['invalid_id', 2],
        ['conflicting_duplicate', 3],
        ['conflicting_duplicate', 4],
        ['conflicting_duplicate', 5],
      ],
      rows: [],
    });
  });

  it('knows what it found before the file turned out to be unusable', async () => {
    const filler = Array.from({ length: 20_000 }, (_, n) => `r${n},1`);
    const { code, counts, errors } = await inspect(['bad,1', 'a,1', 'a,2', ...filler, '"x']);
    expect([code, errors]).toEqual([
      'unclosed_quote',
      [
        ['invalid_id', 2],
        ['conflicting_duplicate', 3],
        ['conflicting_duplicate', 4],
      ],
    ]);
    expect(counts.read).toBeGreaterThan(10_000);
  });
});

describe('RowSet', () => {
  it('holds what was added and nothing else', () => {
    const set = new Bitset();
    const added = [0, 31, 32, 33, 1_000_000];
    added.forEach((row) => set.add(row));
    expect([...added, 1, 30, 34, 999_999, 1_000_001, 5_000_000].filter((row) => set.has(row))).toEqual(added);
  });
});

describe('a stop', () => {
  it('breaks off both passes over a file', async () => {
    const path = join(folder.path, 'stopped.csv');
    await writeFile(path, 'id,value\na,1\n');
    const signal = AbortSignal.abort(new Error('stopped'));
    const inspection = new ValidationReport(new Findings(new FindingsInMemory(), 'u1'));
    const first = validateRows({ path, signal }, rules, { maxRows: 10 }, inspection);
    await expect(first).rejects.toThrow('stopped');
    const rows = acceptedRows({ path, signal }, reader, new Bitset(), 2);
    await expect(rows.next()).rejects.toThrow('stopped');
  });
});
