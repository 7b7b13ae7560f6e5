import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Mutex } from '../../lib/mutex.js';
import { CONFLICT, retryOnConflict } from '../../lib/retry-on-conflict.js';
import { Config } from '../../config/config.js';
import type { EmployeeTotals } from './department-totals.js';
import { MaterializedTotals } from './materialized-totals.js';
import { foldDepartmentName, type Department } from '../../domain/people/department.js';
import { RollUp } from '../../domain/people/roll-up.js';
import { isHiddenAlike, publishable, rolledUp } from '../../domain/people/small-groups.js';
import { failpoint } from '../../lib/failpoints.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { DepartmentStore, type EntityTable } from '../../storage/ports/entity.store.js';
import { DepartmentDirectory } from './department-directory.js';
import { DomainEvents } from '../../platform/events/domain-events.js';

/** Publishes the departments that have lost their last measurement: their alerts must clear. */
@Injectable()
export class DepartmentWithdrawal {
  constructor(
    @Inject(DepartmentStore) private readonly departments: DepartmentStore,
    private readonly events: DomainEvents,
  ) {}

  /**
   * To be called after the named departments, or all, were rolled up without removed measurements. Throws StorageError, and
   * ListenerError when an evaluation failed.
   */
  async run(syncId: string, names: ReadonlySet<string> | 'all'): Promise<void> {
    const folded = names === 'all' ? names : new Set([...names].map(foldDepartmentName));
    const keys: string[] = [];
    for await (const page of this.departments.scan()) {
      for (const { departmentId, departmentName, overallRisk } of page) {
        if (overallRisk !== undefined) continue;
        if (folded === 'all' || folded.has(foldDepartmentName(departmentName))) keys.push(departmentId);
      }
    }
    if (keys.length > 0)
      await this.events.publish('measurements.withdrawn', { syncId, table: 'Departments', keys });
  }
}

/** Another instance that rolls up the same department at each of this many attempts is a fault, not a race. */
const MAX_ATTEMPTS = 20;

/** A department as it was read, and its next state. */
interface PlannedRollUp {
  readonly folded: string;
  readonly read: Department;
  readonly next: Department;
}

/**
 * Computes departments from the employees now in them. Two roll-ups of one department, in any processes, never leave
 * the older result: the write depends on the revision read before the employees were.
 */
@Injectable()
export class DepartmentRollUp {
  private readonly mutex = new Mutex();
  private readonly hidesSome: boolean;

  constructor(
    @Inject(MaterializedTotals) private readonly totals: EmployeeTotals,
    @Inject(DepartmentStore) private readonly departments: EntityTable<Department>,
    private readonly directory: DepartmentDirectory,
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
    private readonly config: Config,
  ) {
    this.hidesSome = config.minGroupSize > 1;
  }

  /**
   * Rolls up the named departments, or all, and creates those that have no row. Where small groups are hidden, it also
   * rolls up the departments that this hides or shows. Returns the ids that changed. Throws StorageError, and an abort when
   * a stop's grace ends.
   */
  refresh(names: ReadonlySet<string> | 'all'): Promise<string[]> {
    const folded = typeof names === 'string' ? names : new Set([...names].map(foldDepartmentName));
    return this.mutex.run(() => this.refreshFolded(folded));
  }

  /** Whether a department was rolled up under another `MIN_GROUP_SIZE`, or never. Throws StorageError. */
  async isOutdated(): Promise<boolean> {
    for await (const page of this.departments.scan())
      if (page.some(({ minGroupSize = 1 }) => minGroupSize !== this.config.minGroupSize)) return true;
    return false;
  }

  private async refreshFolded(names: ReadonlySet<string> | 'all'): Promise<string[]> {
    const changed = new Set<string>();
    if (names !== 'all' && names.size === 0) return [];
    let remaining = names;
    await retryOnConflict({ what: 'the departments', maxAttempts: MAX_ATTEMPTS }, async () => {
      const lost = await this.attempt(remaining, changed);
      if (lost === undefined) return;
      remaining = lost;
      return CONFLICT;
    });
    return [...changed];
  }

  /**
   * Returns the names of the departments that another process has written meanwhile; undefined when no further attempt is
   * needed. An attempt that hid or showed a department needs another one: its data may be outdated by then, and no other
   * roll-up covers departments whose employees did not change.
   */
  private async attempt(
    names: ReadonlySet<string> | 'all',
    changed: Set<string>,
  ): Promise<ReadonlySet<string> | undefined> {
    const lost = new Set<string>();
    let isSettled = true;
    for (const { folded, read, next } of await this.plan(names, changed)) {
      this.lifecycle.halting.throwIfAborted();
      const outcome = await this.write(read, next);
      failpoint('sync.department_written');
      if (outcome === 'lost') lost.add(folded);
      if (outcome !== 'changed') continue;
      changed.add(read.departmentId);
      if (this.hidesSome && !isHiddenAlike(read, next)) isSettled = false;
    }
    return lost.size === 0 && isSettled ? undefined : lost;
  }

  /** What to write. Hidden departments go first, so that a reader in between cannot derive their scores from a total. */
  private async plan(names: ReadonlySet<string> | 'all', changed: Set<string>): Promise<PlannedRollUp[]> {
    const known = await this.directory.byName();
    const totals =
      names === 'all' ? await this.totals.recompute() : await this.totals.of(this.hidesSome ? 'all' : names);
    const considered =
      names === 'all' || this.hidesSome ? new Set([...known.keys(), ...totals.keys()]) : names;
    const rows: { folded: string; read: Department; id: string; rollUp: RollUp }[] = [];
    for (const folded of considered) {
      this.lifecycle.halting.throwIfAborted();
      const total = totals.get(folded);
      let read = known.get(folded);
      if (!read) {
        if (!total) continue;
        read = await this.directory.create(total.name);
        changed.add(read.departmentId);
      }
      rows.push({ folded, read, id: read.departmentId, rollUp: total?.rollUp ?? new RollUp() });
    }
    const { minGroupSize } = this.config;
    const metrics = publishable(rows, minGroupSize);
    return rows
      .map(({ folded, read, id, rollUp }) => {
        const next = rolledUp(read, rollUp.respondents, metrics.get(id), minGroupSize);
        return { folded, read, next };
      })
      .filter(({ folded, read, next }) => {
        return names === 'all' || names.has(folded) || !isHiddenAlike(read, next);
      })
      .sort((a, b) => Number(b.next.withheld ?? false) - Number(a.next.withheld ?? false));
  }

  private async write(read: Department, rolled: Department): Promise<'changed' | 'same' | 'lost'> {
    let outcome: 'changed' | 'same' | 'lost' = 'lost';
    await this.departments.mutate([read.departmentId], (_id, current) => {
      outcome = 'lost';
      if (!current || current.metricsRevision !== read.metricsRevision) return undefined;
      outcome = sameRollUp(current, rolled) ? 'same' : 'changed';
      if (outcome === 'same') return undefined;
      return {
        ...rolled,
        departmentName: current.departmentName,
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
    a.withheld === b.withheld &&
    a.minGroupSize === b.minGroupSize &&
    sameNumbers(a.metrics.dimensions, b.metrics.dimensions) &&
    sameNumbers(a.metrics.rates, b.metrics.rates)
  );
}
