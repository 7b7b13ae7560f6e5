import { isDeepStrictEqual } from 'node:util';
import { foldDepartmentName } from '../domain/department-name.js';
import { departmentOf, type Employee } from '../domain/people/employee.js';
import type { Metrics } from '../domain/surveys/scores.js';

/** An employee who is to be counted in a department, or counted away. */
export interface Counted {
  readonly folded: string;
  readonly name: string;
  readonly metrics: Metrics;
  readonly sign: 1 | -1;
}

/** What an employee's change makes of the sums of departments: nothing where no department and no score changes. */
export function countedOf(before: Employee | undefined, after: Employee | undefined): readonly Counted[] {
  const [away, to] = [membership(before, -1), membership(after, 1)];
  if (away?.folded === to?.folded && isDeepStrictEqual(away?.metrics, to?.metrics)) return [];
  return [away, to].filter((counted) => counted !== undefined);
}

function membership(employee: Employee | undefined, sign: 1 | -1): Counted | undefined {
  if (!employee) return undefined;
  const name = departmentOf(employee);
  if (name === undefined) return undefined;
  return { folded: foldDepartmentName(name), name, metrics: employee.metrics, sign };
}
