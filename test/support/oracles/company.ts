import { oracle } from './oracle.js';
import type { ServerClient } from '../app/server-client.js';
import type { Answered } from '../generators/survey.js';

/** What a company looks like from outside: who is in which department, what departments come to, and what fires. */
export interface Company {
  readonly employees: Readonly<Record<string, readonly unknown[]>>;
  readonly departments: Readonly<Record<string, readonly unknown[]>>;
  readonly firing: readonly string[];
}

type Items = readonly Record<string, unknown>[];

/** What these surveys, in this order, must come to. */
export function expectedCompany(files: readonly (readonly Answered[])[]): Company {
  const { employees, departments } = oracle(files);
  return companyOf(
    [...employees.values()].map(({ employeeId, department, stress }) => [employeeId, department, stress]),
    [...departments.values()].map(({ name, respondents, risk, stress }) => [name, respondents, risk, stress]),
    [
      ...[...employees.values()].filter(({ stress = 0 }) => stress > 40).map(({ employeeId }) => employeeId),
      ...[...departments.values()].filter(({ risk }) => risk === 'critical').map(({ name }) => name),
    ],
  );
}

/** What the server says. */
export async function companyAt(server: ServerClient): Promise<Company> {
  const [employees, departments, active] = await Promise.all([
    all(server, '/employees'),
    all(server, '/departments'),
    all(server, '/alerts/active'),
  ]);
  return companyOf(
    employees.map((item) => [item.employee_id, item.department, item.stress_rate]),
    departments.map((item) => [item.department_name, item.respondents, item.overall_risk, item.stress_rate]),
    active.map(({ data }) => {
      const { employee_id, department_name } = data as Record<string, unknown>;
      return String(employee_id ?? department_name);
    }),
  );
}

function companyOf(employees: unknown[][], departments: unknown[][], firing: string[]): Company {
  const byKey = (rows: unknown[][]) =>
    Object.fromEntries(rows.map(([key, ...facts]) => [String(key), facts]));
  return { employees: byKey(employees), departments: byKey(departments), firing: firing.sort() };
}

async function all(server: ServerClient, path: string): Promise<Items> {
  const items: Record<string, unknown>[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { items: Items; next_cursor: string | null } = await server.get(
      `${path}?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return items;
}
