import { Inject, Injectable } from '@nestjs/common';
import type { Employee } from '../../domain/people/employee.js';
import { EmployeeStore, type EntityTable, type Mutation } from '../../storage/ports/entity.store.js';
import { countedOf } from './department-totals.js';
import { PendingDeltas } from './pending-deltas.js';

type Change = (id: string, current: Employee | undefined) => Employee | undefined;

/**
 * The employees, for whoever changes them: the sums of their departments follow. Everything else is as the store has it.
 */
@Injectable()
export class TrackedEmployees implements EntityTable<Employee> {
  constructor(
    @Inject(EmployeeStore) private readonly employees: EntityTable<Employee>,
    private readonly counts: PendingDeltas,
  ) {}

  getMany(ids: readonly string[]): Promise<Map<string, Employee>> {
    return this.employees.getMany(ids);
  }

  scan(): AsyncIterable<readonly Employee[]> {
    return this.employees.scan();
  }

  /** As `EntityStore.mutate`; `change` may be called once more where the count of a department was not open. */
  async mutate(ids: readonly string[], change: Change): Promise<Mutation<Employee>[]> {
    const distinct = [...new Set(ids)];
    const mutations = new Map<string, Mutation<Employee>>();
    const used: string[] = [];
    try {
      for (let left: readonly string[] = distinct; left.length > 0;)
        left = await this.mutateCounted(left, change, mutations, used);
    } catch (error) {
      // Any part of it may be written.
      for (const folded of used) this.counts.spoil(folded);
      throw error;
    } finally {
      for (const folded of used) this.counts.release(folded);
    }
    return distinct.flatMap((id) => mutations.get(id) ?? []);
  }

  /** The sums of its department are computed anew: what a direct edit makes of it in between is not seen. */
  async delete(id: string): Promise<void> {
    const current = (await this.employees.getMany([id])).get(id);
    const departments = countedOf(current, undefined);
    await this.counts.open(new Map(departments.map(({ folded, name }) => [folded, name])));
    try {
      for (const { folded } of departments) this.counts.spoil(folded);
      await this.employees.delete(id);
    } finally {
      for (const { folded } of departments) this.counts.release(folded);
    }
  }

  /** Changes those whose departments can be counted, and answers the others, whose counts are open then. */
  private async mutateCounted(
    ids: readonly string[],
    change: Change,
    mutations: Map<string, Mutation<Employee>>,
    used: string[],
  ): Promise<readonly string[]> {
    const isUsed = new Set(used);
    const uncounted = new Map<string, string>();
    const left = new Set<string>();
    const canCount = (folded: string): boolean => {
      if (isUsed.has(folded)) return true;
      if (!this.counts.use(folded)) return false;
      isUsed.add(folded);
      used.push(folded);
      return true;
    };
    const results = await this.employees.mutate(ids, (id, current) => {
      left.delete(id);
      const next = change(id, current);
      if (next === undefined) return next;
      for (const { folded, name } of countedOf(current, next)) {
        if (canCount(folded)) continue;
        uncounted.set(folded, name);
        left.add(id);
      }
      return left.has(id) ? undefined : next;
    });
    for (const mutation of results) {
      if (left.has(mutation.id)) continue;
      mutations.set(mutation.id, mutation);
      if (!mutation.changed) continue;
      for (const { folded, metrics, sign } of countedOf(mutation.before, mutation.after))
        this.counts.add(folded, metrics, sign);
    }
    if (left.size === 0) return [];
    await this.counts.open(uncounted);
    used.push(...uncounted.keys());
    return [...left];
  }
}
