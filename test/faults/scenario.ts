import type { Failpoint } from '../../src/lib/failpoints.js';
import { AlertOracle } from '../support/oracles/alert-oracle.js';
import { CompanyOracle } from '../support/oracles/company-oracle.js';
import { Random } from '../support/generators/random.js';
import { CompanyWriter } from './company-writer.js';
import { planLives, type Life } from './life-plan.js';
import type { Step } from './step.js';

/** How large and how long a run is. */
export interface Size {
  readonly employees: readonly [number, number];
  readonly steps: readonly [number, number];
  /** Of some seeds: more than the product writes, or appends, at once. */
  readonly many: readonly [number, number];
  /** Within how many milliseconds after a step began the server may be killed. */
  readonly killWithinMs: number;
}

/** Everything that a seed decides beforehand, and what must come of it. */
export interface Scenario {
  readonly steps: readonly PlannedStep[];
  readonly lives: readonly Life[];
  readonly company: CompanyOracle;
  readonly alerts: AlertOracle;
  /** The log begins with events that are past their retention. */
  readonly hasOldLog: boolean;
}

/** A step, and how many alerts it raises and clears. */
export interface PlannedStep {
  readonly step: Step;
  readonly events: number;
}

const MANY_SHARE = 0.08;
const OLD_LOG_SHARE = 0.25;

/** The scenario of a seed: the same each time. */
export function makeScenario(seed: number, size: Size): Scenario {
  const random = new Random(seed);
  const company = new CompanyOracle();
  const alerts = new AlertOracle();
  const [hasMany, hasOldLog] = [random.next() < MANY_SHARE, random.next() < OLD_LOG_SHARE];
  const employees = random.whole(...(hasMany ? size.many : size.employees));
  const writer = new CompanyWriter(random, company, employees);
  const steps = Array.from({ length: random.whole(...size.steps) }, (_, index): PlannedStep => {
    const step = index === 0 ? writer.survey() : writer.next();
    apply(step, company);
    const before = eventsOf(alerts);
    alerts.evaluate(company);
    return { step, events: eventsOf(alerts) - before };
  });
  const rare: Failpoint[] = [
    ...(hasMany ? (['log.partly_appended', 'sync.employees_batch'] as const) : []),
    ...(hasOldLog ? (['log.checkpointed', 'log.trimmed'] as const) : []),
  ];
  const lives = planLives(random, { steps: steps.length, killWithinMs: size.killWithinMs, rare });
  return { steps, lives, company, alerts, hasOldLog };
}

/** How many events the log must hold. */
export function eventsOf({ history }: AlertOracle): number {
  return [...history.values()].reduce((sum, alerts) => sum + alerts.length, 0);
}

function apply(step: Step, company: CompanyOracle): void {
  switch (step.kind) {
    case 'survey':
      company.survey(step.rows);
      return;
    case 'roster':
      company.roster(step.rows);
      return;
    case 'departments':
      company.departmentRoster(step.rows);
      return;
    case 'patch_employee':
      company.patchPerson(step.id, step.facts, step.rates);
      return;
    case 'patch_department':
      company.patchUnit(step.name, step.rates, step.risk);
      return;
    case 'recompute':
      company.recompute();
      return;
    case 'broken':
    case 'evaluate':
      return;
  }
}
