import { AlertOracle } from '../support/oracles/alert-oracle.js';
import { CompanyOracle, type SurveyLine } from '../support/oracles/company-oracle.js';
import type { Random } from '../support/generators/random.js';
import { csvOf } from '../faults/step.js';

/** A file, and the alerts that must come of it: the how-manieth of which entity, by the keys of the oracle. */
export interface LaneFile {
  readonly csv: string;
  readonly rows: number;
  readonly causes: readonly string[];
}

/** The key of the event that is the `index`th of an entity, from 0. */
export function eventKey(entity: string, index: number): string {
  return `${entity}#${index}`;
}

const BRANCHES = ['North', 'South'];

/**
 * Writes the files of one uploader. Nobody else writes about its people and departments, so that what must come of its
 * files is determined, whoever imports them and whatever the others do.
 */
export class LaneWriter {
  readonly alerts = new AlertOracle();
  private readonly company = new CompanyOracle();
  private readonly ids: readonly string[];
  private readonly departments: readonly string[];
  private day = 0;

  constructor(
    private readonly random: Random,
    name: string,
    employees: number,
  ) {
    this.ids = Array.from({ length: employees }, (_, n) => `${name}-${n + 1}`);
    this.departments = BRANCHES.map((branch) => `${name} ${branch}`);
  }

  /** The next survey: of some or all, newer than what is known. */
  next(): LaneFile {
    this.day += 1;
    const share = this.random.pick([0.2, 0.6, 1]);
    const gloom = this.random.whole(1, 5);
    const chosen = this.ids.filter(() => this.random.next() < share);
    const rows = (chosen.length > 0 ? chosen : this.ids).map((id) => this.line(id, gloom));
    const before = this.counts();
    this.company.survey(rows);
    this.alerts.evaluate(this.company);
    const causes = [...this.alerts.history].flatMap(([entity, { length }]) => {
      const first = before.get(entity) ?? 0;
      return Array.from({ length: length - first }, (_, n) => eventKey(entity, first + n));
    });
    return { csv: csvOf({ kind: 'survey', rows, spoilt: 0 }), rows: rows.length, causes };
  }

  private line(employeeId: string, gloom: number): SurveyLine {
    const mood = this.random.next() < 0.7 ? gloom : this.random.whole(1, 5);
    return {
      employeeId,
      date: new Date(Date.UTC(2020, 0, 1 + this.day)).toISOString().slice(0, 10),
      answers: Array.from({ length: 15 }, () => Math.min(5, Math.max(1, mood + this.random.whole(-1, 1)))),
      department: this.random.pick(this.departments),
    };
  }

  private counts(): Map<string, number> {
    return new Map([...this.alerts.history].map(([entity, { length }]) => [entity, length]));
  }
}
