import { isDeepStrictEqual } from 'node:util';
import type { AlertOracle, ExpectedAlert } from '../support/oracles/alert-oracle.js';
import type { CompanyOracle, Person, Unit } from '../support/oracles/company-oracle.js';
import type { OracleRates } from '../support/oracles/oracle.js';
import type { Frame } from '../support/clients/ws-client.js';
import type { Caller } from './caller.js';

type Item = Readonly<Record<string, unknown>>;

/** Differences named one by one before only their number counts. */
const NAMED = 5;

/** Compares the tables, as REST shows them, with the oracle. */
export async function compareTables(caller: Caller, { people, units }: CompanyOracle): Promise<string[]> {
  const [employees, departments] = await Promise.all([
    caller.all<Item>('/employees', 137),
    caller.all<Item>('/departments', 3),
  ]);
  return [
    ...differences(employees, 'employee_id', [...people.values()].map(employeeOf)),
    ...differences(departments, 'department_id', [...units.values()].map(departmentOf)),
  ];
}

/** Compares the log with what must have been raised and cleared, entity by entity, and with the lists made from it. */
export async function compareAlerts(
  caller: Caller,
  log: readonly Frame[],
  { history, firing }: Pick<AlertOracle, 'history' | 'firing'>,
): Promise<string[]> {
  const problems: string[] = [];
  if (log.some(({ id }, index) => index > 0 && Number(id) <= Number(log[index - 1]?.id)))
    problems.push('The ids of the log do not grow');
  const happened = new Map<string, Frame[]>();
  for (const event of log) {
    const key = keyOf(event);
    happened.set(key, [...(happened.get(key) ?? []), event]);
  }
  for (const key of new Set([...history.keys(), ...happened.keys()])) {
    const [events, expected] = [happened.get(key) ?? [], history.get(key) ?? []];
    const due = expected.map((alert, index) => withRaise(alert, events[index - 1]));
    const told = events.map(({ type, data }) => ({ type, data }));
    if (!isDeepStrictEqual(told, due))
      problems.push(`${key}: ${JSON.stringify(told)} instead of ${JSON.stringify(due)}`);
  }
  const active = await caller.all<Frame>('/alerts/active', 41);
  const due = [...firing.keys()].map((key) => happened.get(key)?.at(-1));
  const newestFirst = due.sort((a, b) => Number(b?.id) - Number(a?.id));
  if (!isDeepStrictEqual(active, newestFirst))
    problems.push(`${active.length} active alerts instead of ${newestFirst.length}, or others`);
  for (const event of [log[0], log[Math.floor(log.length / 2)], log.at(-1)]) {
    if (event && !isDeepStrictEqual(await caller.json('GET', `/alerts/${event.id}`), event))
      problems.push(`The event ${event.id} is another one when it is asked for`);
  }
  return shortened(problems);
}

function withRaise({ type, data }: ExpectedAlert, raise: Frame | undefined): ExpectedAlert {
  if (type !== 'alert_cleared') return { type, data };
  return { type, data: { ...data, raised_id: raise?.id ?? data.raised_id } };
}

function keyOf({ data }: Frame): string {
  const { employee_id, department_id } = data ?? {};
  return typeof employee_id === 'string' ? `employee/${employee_id}` : `department/${String(department_id)}`;
}

function employeeOf({ id, facts, rates, dimensions, date }: Person): Item {
  return {
    employee_id: id,
    name: facts.name ?? null,
    position: facts.position ?? null,
    department: facts.department ?? null,
    ...ratesOf(rates),
    dimensions,
    last_submission_date: date ?? null,
  };
}

function departmentOf({ id, name, respondents, risk, rates, dimensions }: Unit): Item {
  return {
    department_id: id,
    department_name: name,
    respondents,
    overall_risk: risk ?? null,
    engagement_score: rates.engagement ?? null,
    ...ratesOf(rates),
    dimensions,
  };
}

function ratesOf({ stress, engagement, attrition }: OracleRates): Item {
  return {
    stress_rate: stress ?? null,
    engagement_rate: engagement ?? null,
    attrition_rate: attrition ?? null,
  };
}

/** Compares the fields that the oracle knows. */
function differences(items: readonly Item[], idField: string, expected: readonly Item[]): string[] {
  const found = new Map(items.map((item) => [item[idField], item]));
  const problems = expected.flatMap((due) => {
    const item = found.get(due[idField]);
    const shown = item && Object.fromEntries(Object.keys(due).map((field) => [field, item[field]]));
    return isDeepStrictEqual(shown, due)
      ? []
      : [`${JSON.stringify(shown)} instead of ${JSON.stringify(due)}`];
  });
  const wanted = new Set(expected.map((due) => due[idField]));
  const surplus = items.filter((item) => !wanted.has(item[idField]));
  if (items.length !== found.size) problems.push(`${items.length} items with ${found.size} ids`);
  return shortened([...problems, ...surplus.map((item) => `${JSON.stringify(item)} must not be there`)]);
}

function shortened(problems: readonly string[]): string[] {
  const more = problems.length - NAMED;
  return [...problems.slice(0, NAMED), ...(more > 0 ? [`… and ${more} more like these`] : [])];
}
