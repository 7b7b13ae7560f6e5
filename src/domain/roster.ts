import type { RosterAttributes } from './people/employee.js';

/** One valid row of an employee roster. `row` counts from 1, the header not counted. */
export interface RosterRow {
  readonly employeeId: string;
  readonly attributes: RosterAttributes;
  readonly row: number;
}

/** One valid row of a department roster. */
export interface DepartmentRow {
  readonly departmentId: string;
  readonly departmentName: string;
  readonly row: number;
}
