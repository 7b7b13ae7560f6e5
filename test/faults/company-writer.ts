import type { CompanyOracle, Facts, RateChanges, SurveyLine } from '../support/oracles/company-oracle.js';
import type { Random } from '../support/generators/random.js';
import type { Step } from './step.js';

const POSITIONS = ['Analyst', 'Engineer', 'Clerk', 'Manager'] as const;
const UNIT_NAMES = ['Sales', 'Legal', 'Back Office', 'Research', 'Plant 1', 'Plant 2'];
/** Some departments are known by a roster only. */
const ROSTER_NAMES = [...UNIT_NAMES, 'Canteen', 'Board'];

/** The share of employees in a file of a few rows. */
const FEW = 0.02;

/**
 * Writes the files and edits of a company, one after the other, so that what follows from them is determined: an
 * employee is once in a file, and what was edited in a department is computed again at once, because a crash may have
 * the departments computed again at any time.
 */
export class CompanyWriter {
  private readonly ids: string[];
  private readonly units: readonly string[];
  private readonly rosteredUnits = new Set<string>();
  private mustRecompute = false;
  private day = 0;

  /** `company` is as it is before the next step. */
  constructor(
    private readonly random: Random,
    private readonly company: CompanyOracle,
    employees: number,
  ) {
    this.ids = Array.from({ length: employees }, (_, index) => `E${index + 1}`);
    this.units = UNIT_NAMES.slice(0, random.whole(2, UNIT_NAMES.length));
  }

  /** Any step; about half of them are surveys. */
  next(): Step {
    if (this.mustRecompute) {
      this.mustRecompute = false;
      return { kind: 'recompute' };
    }
    const roll = this.random.next();
    if (roll < 0.5) return this.survey();
    if (roll < 0.65) return this.roster();
    if (roll < 0.72) return this.departments();
    if (roll < 0.84) return this.patchEmployee();
    if (roll < 0.92) return this.patchDepartment();
    if (roll < 0.95) return { kind: 'recompute' };
    if (roll < 0.98) return { kind: 'evaluate' };
    return {
      kind: 'broken',
      csv: 'employee_id,submission_date,Q1\nE1,2025-01-01,5\n',
      code: 'missing_column',
    };
  }

  /** Answers of most employees, most of them newer than what is known. */
  survey(): Step {
    this.day += 1;
    // In a file of a few rows, a department that somebody leaves is not rolled up for the sake of others.
    const share = this.random.pick([FEW, 0.3, 0.7, 1]);
    const gloom = this.random.whole(1, 5);
    const moving = share === FEW ? 0.6 : 0.15;
    const rows = this.some(share).map((employeeId) => this.surveyLine(employeeId, gloom, moving));
    return { kind: 'survey', rows, spoilt: this.chance(0.2) ? this.random.whole(1, 3) : 0 };
  }

  private surveyLine(employeeId: string, gloom: number, moving: number): SurveyLine {
    // Older than what is known: changes nothing. The same day again: the later upload counts.
    const day = this.chance(0.1) ? this.random.whole(0, this.day) : this.day;
    const mood = this.chance(0.5) ? gloom : this.random.whole(1, 5);
    const known = this.company.people.get(employeeId)?.facts.department;
    return {
      employeeId,
      date: new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
      answers: Array.from({ length: 15 }, () =>
        this.chance(0.04) ? null : Math.min(5, Math.max(1, mood + this.random.whole(-1, 1))),
      ),
      ...this.facts(known !== undefined && !this.chance(moving) ? known : this.random.pick(this.units)),
    };
  }

  private roster(): Step {
    if (this.chance(0.5)) this.ids.push(`E${this.ids.length + 1}`);
    const rows = this.some(this.random.pick([FEW, FEW, 0.1, 0.4])).map((employeeId) => ({
      employeeId,
      ...this.facts(this.random.pick(this.units)),
    }));
    return { kind: 'roster', rows };
  }

  private departments(): Step {
    const names = ROSTER_NAMES.filter((name) => !this.rosteredUnits.has(name)).slice(
      0,
      this.random.whole(1, 3),
    );
    if (names.length === 0) return this.survey();
    // Some ids sort before those that surveys give, some after.
    const rows = names.map((name) => ({
      id: `${this.random.pick(['D', 'unit'])}-${ROSTER_NAMES.indexOf(name)}`,
      name,
    }));
    for (const { name } of rows) this.rosteredUnits.add(name);
    return { kind: 'departments', rows };
  }

  private patchEmployee(): Step {
    const id = this.random.pick([...this.company.people.keys()]);
    const facts: Facts = this.chance(0.4) ? { department: this.random.pick(this.units) } : {};
    const name: Facts = this.chance(0.3) ? { name: `Renamed ${this.day}` } : {};
    return {
      kind: 'patch_employee',
      id,
      facts: { ...facts, ...name },
      rates: this.rates(['stress', 'attrition']),
    };
  }

  private patchDepartment(): Step {
    this.mustRecompute = true;
    const { id, name } = this.random.pick([...this.company.units.values()]);
    const risk = this.chance(0.5) ? { risk: this.random.pick(['critical', 'healthy', 'warning']) } : {};
    const rates = this.rates(['engagement', 'stress']);
    return {
      kind: 'patch_department',
      id,
      name,
      rates: 'risk' in risk && this.chance(0.5) ? {} : rates,
      ...risk,
    };
  }

  private rates(names: readonly (keyof RateChanges)[]): RateChanges {
    const value = () => (this.chance(0.1) ? null : this.random.whole(0, 1000) / 10);
    return Object.fromEntries(names.filter(() => this.chance(0.7)).map((name) => [name, value()]));
  }

  private facts(department: string): Facts {
    return {
      ...(this.chance(0.97) ? { department } : {}),
      ...(this.chance(0.3) ? { name: `Name ${this.random.whole(1, 99)}` } : {}),
      ...(this.chance(0.3) ? { position: this.random.pick(POSITIONS) } : {}),
    };
  }

  private some(share: number): string[] {
    const chosen = this.ids.filter(() => this.chance(share));
    return chosen.length > 0 ? chosen : [this.random.pick(this.ids)];
  }

  private chance(probability: number): boolean {
    return this.random.next() < probability;
  }
}
