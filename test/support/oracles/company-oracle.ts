import { dimensionsOfRow, meanOf, meanRates, riskOf, scoreRow, type OracleRates } from './oracle.js';
import type { Answered } from '../generators/survey.js';

/** A survey row; an absent fact is a blank cell. */
export interface SurveyLine extends Pick<Answered, 'employeeId' | 'date' | 'answers'> {
  readonly department?: string;
  readonly name?: string;
  readonly position?: string;
}

/** A row of an employee roster, or the facts of a PATCH; an absent one says nothing. */
export interface Facts {
  readonly name?: string;
  readonly position?: string;
  readonly department?: string;
}

/** Rates of a PATCH: null removes. */
export type RateChanges = Readonly<Partial<Record<keyof OracleRates, number | null>>>;

export interface Person {
  readonly id: string;
  readonly facts: Facts;
  readonly rates: OracleRates;
  readonly dimensions: Readonly<Record<string, number>>;
  readonly date?: string;
  /** A roster or a PATCH has spoken: surveys only add what is missing. */
  readonly isRostered: boolean;
}

export interface Unit {
  readonly id: string;
  readonly name: string;
  readonly rates: OracleRates;
  readonly dimensions: Readonly<Record<string, number>>;
  readonly respondents: number;
  readonly risk?: string;
}

const folded = (name: string): string => name.trim().toLowerCase();

/**
 * The tables of contract sections 2 to 4 after files and edits, one after the other, calculated without the product's
 * code: the newest response of each employee, and each department as the means of those now in it.
 */
export class CompanyOracle {
  readonly people = new Map<string, Person>();
  /** By folded name: a department has one row. */
  readonly units = new Map<string, Unit>();

  /** At most one row of an employee. */
  survey(rows: readonly SurveyLine[]): void {
    const touched = new Set<string | undefined>();
    for (const { employeeId, date, answers, department, name, position } of rows) {
      const known = this.people.get(employeeId);
      touched.add(known?.facts.department);
      if (known?.date !== undefined && date < known.date) continue;
      const told = given({ name, position, department });
      const isRostered = known?.isRostered ?? false;
      const facts = isRostered ? { ...told, ...known?.facts } : { ...known?.facts, ...told };
      const [rates, dimensions] = [scoreRow({ answers }), dimensionsOfRow({ answers })];
      this.people.set(employeeId, { id: employeeId, facts, rates, dimensions, date, isRostered });
      touched.add(facts.department);
    }
    this.rollUp(touched);
  }

  roster(rows: readonly ({ readonly employeeId: string } & Facts)[]): void {
    const touched = new Set<string | undefined>();
    for (const { employeeId, name, position, department } of rows) {
      const known = this.people.get(employeeId);
      const facts: Facts = { ...known?.facts, ...given({ name, position, department }) };
      const person = known ?? { id: employeeId, rates: {}, dimensions: {} };
      this.people.set(employeeId, { ...person, facts, isRostered: true });
      touched.add(known?.facts.department).add(facts.department);
    }
    this.rollUp(touched);
  }

  /** A department known under another id moves to the one given here. */
  departmentRoster(rows: readonly { readonly id: string; readonly name: string }[]): void {
    for (const { id, name } of rows) {
      const known = this.units.get(folded(name)) ?? emptyUnit(id, name);
      this.units.set(folded(name), { ...known, id, name });
    }
    this.rollUp(new Set(rows.map(({ name }) => name)));
  }

  patchPerson(id: string, facts: Facts, changes: RateChanges): void {
    const known = this.people.get(id);
    if (!known) throw new Error(`Nobody has the id ${id}`);
    const isRostered = known.isRostered || Object.keys(facts).length > 0;
    const after = { ...known, facts: { ...known.facts, ...facts }, isRostered };
    this.people.set(id, { ...after, rates: changed(known.rates, changes) });
    this.rollUp(new Set([known.facts.department, after.facts.department]));
  }

  /** Without a risk of its own the department gets the one of its rates. */
  patchUnit(name: string, changes: RateChanges, risk?: string): void {
    const known = this.units.get(folded(name));
    if (!known) throw new Error(`There is no department ${name}`);
    const rates = changed(known.rates, changes);
    const isTouched = Object.keys(changes).length > 0;
    const judged = risk ?? (isTouched ? riskOfRates(rates) : known.risk);
    const { risk: _, ...rest } = known;
    this.units.set(folded(name), { ...rest, rates, ...given({ risk: judged }) });
  }

  /** Every department is computed from its employees. */
  recompute(): void {
    const names = [...this.people.values()].map(({ facts }) => facts.department);
    this.rollUp(new Set([...names, ...[...this.units.values()].map(({ name }) => name)]));
  }

  private rollUp(names: ReadonlySet<string | undefined>): void {
    for (const name of names) {
      if (name === undefined) continue;
      const key = folded(name);
      const known = this.units.get(key) ?? emptyUnit(`dept-${key.replaceAll(' ', '-')}`, name);
      this.units.set(key, computed(known, this.membersOf(key)));
    }
  }

  private membersOf(key: string): Person[] {
    return [...this.people.values()].filter(
      ({ facts, dimensions, rates }) =>
        facts.department !== undefined &&
        folded(facts.department) === key &&
        Object.keys({ ...dimensions, ...rates }).length > 0,
    );
  }
}

function computed({ id, name }: Unit, members: readonly Person[]): Unit {
  const rates = meanRates(members.map((member) => member.rates));
  const titles = new Set(members.flatMap(({ dimensions }) => Object.keys(dimensions)));
  const dimensions = Object.fromEntries(
    [...titles].map((title) => [title, meanOf(members.map((member) => member.dimensions[title])) ?? 0]),
  );
  const risk = given({ risk: riskOfRates(rates) });
  return { id, name, rates, dimensions, respondents: members.length, ...risk };
}

function emptyUnit(id: string, name: string): Unit {
  return { id, name, rates: {}, dimensions: {}, respondents: 0 };
}

/** Unknown is not healthy. */
function riskOfRates(rates: OracleRates): string | undefined {
  return Object.keys(rates).length === 0 ? undefined : riskOf(rates);
}

function changed(rates: OracleRates, changes: RateChanges): OracleRates {
  const { stress, engagement, attrition } = { ...rates, ...changes };
  return given({
    stress: stress ?? undefined,
    engagement: engagement ?? undefined,
    attrition: attrition ?? undefined,
  });
}

/** Without the parts that are undefined. */
function given<T>(parts: Readonly<Record<string, T | undefined>>): Readonly<Record<string, T>> {
  const entries = Object.entries(parts);
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
