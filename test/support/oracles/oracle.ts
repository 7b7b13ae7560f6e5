import type { Answered } from '../generators/survey.js';

/**
 * Contract section 4 calculated a second time, from its text and not from the code: with fractions of big integers,
 * and with decimals as texts.
 */
interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

export interface OracleRates {
  readonly stress?: number;
  readonly engagement?: number;
  readonly attrition?: number;
}

export interface OracleEmployee extends OracleRates {
  readonly employeeId: string;
  readonly department: string;
}

export interface OracleDepartment extends OracleRates {
  readonly name: string;
  readonly respondents: number;
  readonly risk: 'healthy' | 'warning' | 'critical';
}

const fraction = (top: number | bigint, bottom: number | bigint = 1): Fraction => ({
  top: BigInt(top),
  bottom: BigInt(bottom),
});

function add(a: Fraction, b: Fraction): Fraction {
  return { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom };
}

function divide(a: Fraction, by: number): Fraction {
  return { top: a.top, bottom: a.bottom * BigInt(by) };
}

function mean(values: readonly Fraction[]): Fraction | undefined {
  return values.length === 0 ? undefined : divide(values.reduce(add), values.length);
}

/** Half to even, by comparing with the two neighbours. */
function round({ top, bottom }: Fraction, decimals: number): number {
  const scale = 10n ** BigInt(decimals);
  const scaled = top * scale;
  const down = scaled >= 0n ? scaled / bottom : -((-scaled + bottom - 1n) / bottom);
  const twice = 2n * (scaled - down * bottom);
  const up = twice > bottom || (twice === bottom && down % 2n !== 0n);
  return Number(down + (up ? 1n : 0n)) / Number(scale);
}

function decimal(value: number): Fraction {
  const [whole = '0', digits = ''] = value.toString().split('.');
  return fraction(BigInt(whole + digits), 10n ** BigInt(digits.length));
}

/** ((6 − x) − 1) / 4 × 100 for `falling`, (x − 1) / 4 × 100 otherwise, one decimal. */
function rate(x: Fraction, falling: boolean): number {
  const above = falling ? add(fraction(5), { top: -x.top, bottom: x.bottom }) : add(x, fraction(-1));
  return round({ top: above.top * 100n, bottom: above.bottom * 4n }, 1);
}

/** The answers given to these questions. */
function answered({ answers }: Pick<Answered, 'answers'>, numbers: readonly number[]): Fraction[] {
  return numbers
    .map((number) => answers[number - 1])
    .filter((answer) => typeof answer === 'number')
    .map((answer) => fraction(answer));
}

/** The rates of one response; one that lacks a term is absent. */
export function scoreRow(row: Pick<Answered, 'answers'>): OracleRates {
  const given = (...numbers: number[]): Fraction[] => answered(row, numbers);
  const enablement = mean(given(3, 11));
  const culture = mean(given(7, 15));
  const engagement = mean(given(1, 9));
  const [q1, q12] = [given(1)[0], given(12)[0]];
  return {
    ...(enablement && culture ? { stress: rate(divide(add(enablement, culture), 2), true) } : {}),
    ...(engagement ? { engagement: rate(engagement, false) } : {}),
    ...(q1 && q12 ? { attrition: rate(divide(add(q1, q12), 2), true) } : {}),
  };
}

const DIMENSIONS: Readonly<Record<string, readonly number[]>> = {
  employee_engagement: [1, 9],
  leadership: [2, 10],
  enablement: [3, 11],
  development: [4, 12],
  delight_customer: [5, 13],
  company_confidence: [6, 14],
  culture_values: [7, 15],
  esg: [8],
};

/** The dimensions of one response by their names in REST; one without an answer is absent. */
export function dimensionsOfRow(row: Pick<Answered, 'answers'>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(DIMENSIONS).flatMap(([name, numbers]) => {
      const exact = mean(answered(row, numbers));
      return exact ? [[name, round(exact, 2)]] : [];
    }),
  );
}

/** The mean of those that are there, 2 decimals. */
export function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const exact = mean(values.filter((value) => value !== undefined).map(decimal));
  return exact && round(exact, 2);
}

/** How the mean rates of a department are judged. */
export function riskOf({ stress, engagement, attrition }: OracleRates): OracleDepartment['risk'] {
  const beyond = (low: number, high: number): boolean =>
    (engagement !== undefined && engagement < low) ||
    (stress !== undefined && stress > high) ||
    (attrition !== undefined && attrition > high);
  return beyond(55, 50) ? 'critical' : beyond(65, 35) ? 'warning' : 'healthy';
}

/** What Employees and Departments must hold after these files, in this order. */
export function oracle(files: readonly (readonly Answered[])[]): {
  employees: Map<string, OracleEmployee>;
  departments: Map<string, OracleDepartment>;
} {
  const newest = new Map<string, Answered>();
  for (const row of files.flat()) {
    const other = newest.get(row.employeeId);
    if (!other || row.date >= other.date) newest.set(row.employeeId, row);
  }
  const employees = new Map(
    [...newest].map(([id, row]) => [id, { employeeId: id, department: row.department, ...scoreRow(row) }]),
  );
  const names = new Set([...employees.values()].map(({ department }) => department));
  const departments = new Map([...names].map((name) => [name, department(name, [...employees.values()])]));
  return { employees, departments };
}

function department(name: string, employees: readonly OracleEmployee[]): OracleDepartment {
  const members = employees.filter((employee) => employee.department === name);
  const rates = meanRates(members);
  return { name, respondents: members.length, ...rates, risk: riskOf(rates) };
}

/** The mean of each rate over those who have it. */
export function meanRates(members: readonly OracleRates[]): OracleRates {
  const [stress, engagement, attrition] = (['stress', 'engagement', 'attrition'] as const).map((name) =>
    meanOf(members.map((member) => member[name])),
  );
  return {
    ...(stress === undefined ? {} : { stress }),
    ...(engagement === undefined ? {} : { engagement }),
    ...(attrition === undefined ? {} : { attrition }),
  };
}
