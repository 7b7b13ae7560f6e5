// Everything that an upload may write, looked at before and after, and what must hold of it.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { foldDepartmentName } from '../../dist/domain/people/department.js';
import { DepartmentStore, EmployeeStore } from '../../dist/storage/ports/entity.store.js';
import { SurveyResponseStore } from '../../dist/storage/ports/survey-response.store.js';
import { UploadStore } from '../../dist/storage/ports/upload.store.js';

/** How often to look for a file to be gone: some seconds. */
const LOOKS = 20_000;

/** The tables of an application, by id and as text, so that two looks at them can be compared. */
export class Company {
  #app;
  #folder;

  constructor(app, folder) {
    this.#app = app;
    this.#folder = folder;
  }

  async look() {
    const [responses, employees, departments, uploads] = await Promise.all([
      this.#rows(SurveyResponseStore, 'responseId'),
      this.#rows(EmployeeStore, 'employeeId'),
      this.#rows(DepartmentStore, 'departmentId'),
      this.#app.get(UploadStore).list({ limit: 1 }),
    ]);
    return { responses, employees, departments, newestUpload: uploads.items[0]?.id };
  }

  /** Forgets responses: a run of many inputs looks at all of them after each. */
  async forget(responseIds) {
    await this.#app.get(SurveyResponseStore).deleteMany(responseIds);
  }

  /**
   * The files beside the tables: nothing is left in the spool, and nothing stands where it should not. An answer may come
   * just before a file is gone.
   */
  async files() {
    const spool = join(this.#folder, 'spool');
    let spooled = await readdir(spool);
    for (let looks = 1; looks < LOOKS && spooled.length > 0; looks += 1) {
      await nextTurn();
      spooled = await readdir(spool);
    }
    return { spooled, all: (await readdir(this.#folder)).sort() };
  }

  async #rows(store, id) {
    const rows = new Map();
    for await (const page of this.#app.get(store).scan())
      for (const row of page) rows.set(row[id], { row, text: JSON.stringify(row) });
    return rows;
  }
}

/** The ids of rows that are new, gone, or not what they were. */
export function changed(before, after) {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => before.get(id)?.text !== after.get(id)?.text);
}

/** An import that writes nothing leaves every table as it was. */
export function judgeUntouched(before, after) {
  for (const table of ['responses', 'employees', 'departments'])
    assert.deepEqual(changed(before[table], after[table]), [], `${table} changed`);
}

/** An import writes what its report says, and no row that its file does not name. */
export function judgeWritten({ task_id, result }, before, after) {
  const written = [...after.responses.values()].filter(({ row }) => row.uploadId === task_id);
  assert.equal(written.length, result.kind === 'survey' ? result.rows_written : 0, 'responses written');
  const touched = changed(before.responses, after.responses);
  assert.equal(touched.length, written.length, 'other responses changed');
  const employees = changed(before.employees, after.employees);
  if (result.kind === 'survey') {
    const named = new Set(written.map(({ row }) => row.employeeId));
    for (const id of named) assert.ok(after.employees.has(id), `no employee ${id}`);
    for (const id of employees) assert.ok(named.has(id), `employee ${id} changed and is not in the file`);
  } else {
    assert.equal(
      employees.length,
      result.kind === 'employees' ? result.rows_written : 0,
      'employees changed',
    );
  }
  for (const id of before.employees.keys()) assert.ok(after.employees.has(id), `employee ${id} is gone`);
}

/** Every employee is in a department that has one row, and the department counts them. */
export function judgeDepartments({ employees, departments }) {
  const respondents = new Map();
  for (const { row } of departments.values()) {
    const name = foldDepartmentName(row.departmentName);
    assert.ok(!respondents.has(name), `two departments ${name}`);
    respondents.set(name, row.respondents ?? 0);
  }
  const counted = new Map();
  for (const { row } of employees.values()) {
    const { division } = row.attributes;
    if (division === undefined) continue;
    const name = foldDepartmentName(division);
    assert.ok(respondents.has(name), `no department ${name}`);
    const isScored = Object.keys({ ...row.metrics.dimensions, ...row.metrics.rates }).length > 0;
    counted.set(name, (counted.get(name) ?? 0) + (isScored ? 1 : 0));
  }
  for (const [name, count] of respondents)
    assert.equal(count, counted.get(name) ?? 0, `respondents of ${name}`);
}
