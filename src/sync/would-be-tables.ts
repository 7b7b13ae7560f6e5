import type { Department } from '../domain/people/department.js';
import type { Employee } from '../domain/people/employee.js';
import type { Rates } from '../domain/surveys/scores.js';
import type { EntityTable } from '../storage/ports/entity.store.js';
import { WouldBeTable, type Packing } from '../ingest/sync/overlay-table.js';

/** The tables of a preview. */
export interface WouldBeTables {
  readonly employees: EntityTable<Employee>;
  readonly departments: EntityTable<Department>;
}

/** Employees that keep what alerts and roll-ups depend on, in about 250 bytes each. */
export function wouldBeEmployees(real: EntityTable<Employee>): EntityTable<Employee> {
  return new WouldBeTable(real, ({ employeeId }) => employeeId, employeePacking());
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
  /** In the order of the names that the packing has met; null is absent. */
  dimensions: readonly (number | null)[],
  history: Pick<Employee, 'lastSubmissionDate' | 'metricsOrder' | 'rosterUpdatedAt'>,
];

function employeePacking(): Packing<Employee, string> {
  const names: string[] = [];
  const places = new Map<string, number>();
  const placeOf = (name: string): number => {
    const known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, names.length);
    return names.push(name) - 1;
  };
  return {
    pack({ attributes: { name, position, division }, metrics, ...rest }) {
      const { lastSubmissionDate, metricsOrder, rosterUpdatedAt } = rest;
      const dimensions: number[] = [];
      for (const [title, value] of Object.entries(metrics.dimensions)) dimensions[placeOf(title)] = value;
      return JSON.stringify([
        { name, position, division },
        metrics.rates,
        dimensions,
        { lastSubmissionDate, metricsOrder, rosterUpdatedAt },
      ]);
    },
    unpack(employeeId, packed) {
      const [attributes, rates, values, history] = JSON.parse(packed) as Essence;
      const dimensions = Object.fromEntries(
        values.flatMap((value, place) => (value === null ? [] : [[names[place] ?? '', value]])),
      ) as Record<string, number>;
      return { employeeId, attributes, metrics: { dimensions, rates }, ...history };
    },
  };
}
