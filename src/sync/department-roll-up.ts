import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../concurrency/clock.js';
import { Serial } from '../concurrency/serial.js';
import { foldDepartmentName } from '../domain/department-name.js';
import { overallRisk, type Department } from '../domain/department.js';
import type { Employee } from '../domain/employee.js';
import { RollUp } from '../domain/roll-up.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { DepartmentStore } from '../storage/department.store.js';
import { EmployeeStore } from '../storage/employee.store.js';
import type { EntityTable } from '../storage/entity.store.js';
import { DepartmentDirectory } from './department-directory.js';

/** Another instance rolling up the same department at every one of this many attempts is a fault, not a race. */
const MAX_ATTEMPTS = 20;

interface Total {
  readonly name: string;
  readonly rollUp: RollUp;
}

/**
 * Computes departments from the employees now in them. Two roll-ups of one department, in any processes, never leave
 * the older result: the write depends on the revision read before the employees were.
 */
@Injectable()
export class DepartmentRollUp {
  private readonly serial = new Serial();

  constructor(
    @Inject(EmployeeStore) private readonly employees: EntityTable<Employee>,
    @Inject(DepartmentStore) private readonly departments: EntityTable<Department>,
    private readonly directory: DepartmentDirectory,
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Rolls up the named departments, or all, creating those that have no row. Answers the ids that changed. The end of a stop's grace breaks it off. */
  refresh(names: ReadonlySet<string> | 'all'): Promise<string[]> {
    const folded = typeof names === 'string' ? names : new Set([...names].map(foldDepartmentName));
    return this.serial.run(() => this.refreshFolded(folded));
  }

  private async refreshFolded(names: ReadonlySet<string> | 'all'): Promise<string[]> {
    const changed = new Set<string>();
    let remaining = names;
    for (let attempt = 1; remaining === 'all' || remaining.size > 0; attempt += 1) {
      if (attempt > MAX_ATTEMPTS)
        throw new Error('Other instances changed the departments at every attempt to roll them up');
      remaining = await this.attempt(remaining, changed);
    }
    return [...changed];
  }

  /** Answers the names whose departments another process wrote meanwhile. */
  private async attempt(
    names: ReadonlySet<string> | 'all',
    changed: Set<string>,
  ): Promise<ReadonlySet<string>> {
    const known = await this.directory.byName();
    const totals = await this.sumEmployees(names);
    const lost = new Set<string>();
    for (const folded of names === 'all' ? new Set([...known.keys(), ...totals.keys()]) : names) {
      this.lifecycle.halting.throwIfAborted();
      const total = totals.get(folded);
      let department = known.get(folded);
      if (!department) {
        if (!total) continue;
        department = await this.directory.create(total.name);
        changed.add(department.departmentId);
      }
      const outcome = await this.write(department, total?.rollUp ?? new RollUp());
      if (outcome === 'lost') lost.add(folded);
      else if (outcome === 'changed') changed.add(department.departmentId);
    }
    return lost;
  }

  private async sumEmployees(names: ReadonlySet<string> | 'all'): Promise<Map<string, Total>> {
    const totals = new Map<string, Total>();
    const foldedNames = new Map<string, string>();
    for await (const page of this.employees.scan()) {
      this.lifecycle.halting.throwIfAborted();
      for (const { attributes, metrics } of page) {
        const name = attributes.division;
        if (name === undefined || name.trim() === '') continue;
        let folded = foldedNames.get(name);
        if (folded === undefined) foldedNames.set(name, (folded = foldDepartmentName(name)));
        if (names !== 'all' && !names.has(folded)) continue;
        let total = totals.get(folded);
        if (!total) totals.set(folded, (total = { name, rollUp: new RollUp() }));
        total.rollUp.add(metrics);
      }
    }
    return totals;
  }

  private async write(read: Department, rollUp: RollUp): Promise<'changed' | 'same' | 'lost'> {
    const metrics = rollUp.means();
    const risk = overallRisk(metrics.rates);
    const engagement = metrics.rates.engagement_rate;
    let outcome: 'changed' | 'same' | 'lost' = 'lost';
    await this.departments.mutate([read.departmentId], (departmentId, current) => {
      outcome = 'lost';
      if (!current || current.metricsRevision !== read.metricsRevision) return undefined;
      const next: Department = {
        departmentId,
        departmentName: current.departmentName,
        metrics,
        respondents: rollUp.respondents,
        ...(engagement === undefined ? {} : { engagementScore: engagement }),
        ...(risk === undefined ? {} : { overallRisk: risk }),
      };
      outcome = sameRollUp(current, next) ? 'same' : 'changed';
      if (outcome === 'same') return undefined;
      return {
        ...next,
        metricsUpdatedAt: this.clock.iso(),
        metricsRevision: (current.metricsRevision ?? 0) + 1,
      };
    });
    return outcome;
  }
}

function sameRollUp(a: Department, b: Department): boolean {
  const sameNumbers = (x: object, y: object) =>
    JSON.stringify(Object.entries(x).sort()) === JSON.stringify(Object.entries(y).sort());
  return (
    a.respondents === b.respondents &&
    a.overallRisk === b.overallRisk &&
    a.engagementScore === b.engagementScore &&
    sameNumbers(a.metrics.dimensions, b.metrics.dimensions) &&
    sameNumbers(a.metrics.rates, b.metrics.rates)
  );
}
