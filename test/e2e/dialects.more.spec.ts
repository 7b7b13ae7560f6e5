import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import {
  CSV_DIALECTS,
  shuffled,
  writeCsv,
  type CsvDialect,
  type TextTable,
} from '../support/generators/csv-dialects.js';
import { inProject } from '../support/project.js';
import { Random } from '../support/generators/random.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { companyFiles, type CompanyFiles } from '../support/generators/text-tables.js';
import type { Row } from './bad-files/bad-file.js';
import { Tables } from './bad-files/tables.js';

/** The reader's own test goes through all dialects; here each seed has some of its own. */
const SEEDS = inProject({ short: [1], long: [2, 3, 4, 5, 6, 7, 8] });
const DIALECTS_PER_SEED = 4;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
let tables: Tables;
beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path });
  tables = new Tables(app, folder.path);
});
afterEach(() => app.wipe());
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

const without = (row: Row, ...names: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));

/** Imports the files as they are written; answers all that is stored but for ids of uploads and times. */
async function imported({ roster, survey, departments }: CompanyFiles, write: (table: TextTable) => string) {
  const position = await tables.alertPosition();
  for (const table of [roster, survey, departments]) {
    const status = await app.upload(write(table));
    expect(status).toMatchObject({
      status: 'completed',
      result: { errors: [], rows_read: table.rows.length },
    });
  }
  const { items } = await app.json<{ items: Row[] }>('GET', `/alerts?after=${position}&limit=500`);
  const stored = await tables.read();
  return {
    responses: stored.responses.map((row) => without(row, 'uploadId')),
    employees: stored.employees.map((row) => without(row, 'metrics_updated_at')),
    departments: stored.departments.map((row) => without(row, 'metrics_updated_at')),
    // An alert that is over names the one that it ends by its id.
    alerts: items.map(({ type, data }) => JSON.stringify([type, data]).replace(/"raised_id":"\d+"/, '')),
  };
}

/** What the responses of a survey must be, read from the table and not from a file. */
function expectedResponses({ columns, rows }: TextTable): Row[] {
  return rows.map((cells, index) => {
    const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
    const questions = columns.filter((name) => name.startsWith('Q') && cell(name) !== '');
    const department = cell('department');
    return {
      employeeId: cell('employee_id'),
      ...(department === '' ? {} : { department }),
      ...(cell('location') === '' ? {} : { location: cell('location') }),
      answers: Object.fromEntries(questions.map((name) => [name, Number(cell(name))])),
      row: index + 1,
    };
  });
}

/** What a roster says of people; a blank cell says nothing. */
function expectedFacts({ rows }: TextTable): Row[] {
  const names = ['employee_id', 'name', 'position', 'department', 'job_grade'];
  return rows.map((cells) => {
    const facts = names.map((name, index) => [name, cells[index] ?? ''] as const);
    return Object.fromEntries(facts.filter(([, cell]) => cell !== ''));
  });
}

const BASE: CsvDialect = {
  delimiter: ',',
  lineEnds: ['\n'],
  hasBom: false,
  quotes: 'all',
  endsWithLineEnd: true,
};

describe('any table of valid rows', () => {
  const dealt = shuffled(CSV_DIALECTS, new Random(1));

  it.each(SEEDS)('gives the same tables and alerts in every dialect (seed %d)', async (seed) => {
    const files = companyFiles(new Random(seed));
    const order = new Random(seed);
    const expected = await imported(files, (table) => writeCsv(table, BASE, order));
    const inFileOrder = [...expected.responses].sort((a, b) => Number(a.row) - Number(b.row));
    expect(inFileOrder).toMatchObject(expectedResponses(files.survey));
    expect(expected.employees).toEqual(
      expect.arrayContaining(expectedFacts(files.roster).map((facts) => expect.objectContaining(facts))),
    );
    for (const dialect of dealt.slice((seed - 1) * DIALECTS_PER_SEED, seed * DIALECTS_PER_SEED)) {
      await app.wipe();
      const found = await imported(files, (table) => writeCsv(table, dialect, order));
      expect({ dialect, ...found }).toEqual({ dialect, ...expected });
    }
  });
});
