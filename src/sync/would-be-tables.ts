import type { Department } from '../domain/department.js';
import type { Employee } from '../domain/employee.js';
import type { Rates } from '../domain/metrics.js';
import type { EntityTable } from '../storage/entity.store.js';
import { WouldBeTable, type Packing } from './would-be-table.js';

/** The tables of a preview. */
export interface WouldBeTables {
  readonly employees: EntityTable<Employee>;
  readonly departments: EntityTable<Department>;
}

/** Employees that keep what alerts and roll-ups of risks depend on, in about 200 bytes each. */
export function wouldBeEmployees(real: EntityTable<Employee>): EntityTable<Employee> {
  return new WouldBeTable(real, ({ employeeId }) => employeeId, EMPLOYEES);
}

/** Departments, whole: there are few. */
export function wouldBeDepartments(real: EntityTable<Department>): EntityTable<Department> {
  return new WouldBeTable(real, ({ departmentId }) => departmentId, {
    pack: (department: Department) => department,
    unpack: (_id, department) => department,
  });
}

/** What a packed employee consists of. One text takes a fraction of the memory of the objects it stands for. */
type Essence = readonly [
  facts: Pick<Employee['attributes'], 'name' | 'position' | 'division'>,
  rates: Rates,
  history: Pick<Employee, 'lastSubmissionDate' | 'metricsOrder' | 'rosterUpdatedAt'>,
];

const EMPLOYEES: Packing<Employee, string> = {
  pack({ attributes: { name, position, division }, metrics, ...rest }) {
    const { lastSubmissionDate, metricsOrder, rosterUpdatedAt } = rest;
    return JSON.stringify([
      { name, position, division },
      metrics.rates,
      { lastSubmissionDate, metricsOrder, rosterUpdatedAt },
    ]);
  },
  unpack(employeeId, packed) {
    const [attributes, rates, history] = JSON.parse(packed) as Essence;
    return { employeeId, attributes, metrics: { dimensions: {}, rates }, ...history };
  },
};
