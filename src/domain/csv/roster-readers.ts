import {
  ROSTER_ATTRIBUTES,
  type RosterAttribute,
  type DepartmentRow,
  type RosterRow,
} from '../people/employee.js';
import type { HeaderMap } from './header.js';
import { checkShape, idError, MAX_ID_CHARACTERS, RowIssues, type RowReader } from './row-reading.js';

/** Creates the reader for rows of an employee roster. A blank cell leaves its attribute absent. Dates stay text. */
export function employeeReader(map: HeaderMap<'employees'>, maxCell: number): RowReader<RosterRow> {
  const idAt = map.fields.get('employee_id') ?? -1;
  const divisionAt = map.fields.get('division') ?? -1;
  const columns = ROSTER_ATTRIBUTES.map((name) => ({ name, index: map.fields.get(name) ?? -1 }));
  return (record, row) => {
    const issues = new RowIssues(record, map.names);
    checkShape(record, map.names.length, maxCell, issues);
    if (!issues.isEmpty()) return { issues: issues.all };

    const employeeId = (record.cells[idAt] ?? '').trim();
    const error = idError(employeeId);
    if (error) issues.add(error, idAt);
    if ((record.cells[divisionAt] ?? '').trim().length > MAX_ID_CHARACTERS)
      issues.add('name_too_long', divisionAt);
    if (!issues.isEmpty()) return { issues: issues.all };

    const attributes: Partial<Record<RosterAttribute, string>> = {};
    for (const { name, index } of columns) {
      const cell = record.cells[index];
      if (cell === undefined || cell.trim() === '') continue;
      attributes[name] = name === 'division' ? cell.trim() : cell;
    }
    return { row: { employeeId, attributes, row } };
  };
}

/** Creates the reader for rows of a department roster. */
export function departmentReader(map: HeaderMap<'departments'>, maxCell: number): RowReader<DepartmentRow> {
  const idAt = map.fields.get('department_id') ?? -1;
  const nameAt = map.fields.get('department_name') ?? -1;
  return (record, row) => {
    const issues = new RowIssues(record, map.names);
    checkShape(record, map.names.length, maxCell, issues);
    if (!issues.isEmpty()) return { issues: issues.all };

    const departmentId = (record.cells[idAt] ?? '').trim();
    const departmentName = (record.cells[nameAt] ?? '').trim();
    const error = idError(departmentId);
    if (error) issues.add(error, idAt);
    if (departmentName === '') issues.add('blank_name', nameAt);
    if (departmentName.length > MAX_ID_CHARACTERS) issues.add('name_too_long', nameAt);
    return issues.isEmpty() ? { row: { departmentId, departmentName, row } } : { issues: issues.all };
  };
}
