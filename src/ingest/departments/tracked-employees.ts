import { Inject, Injectable } from '@nestjs/common';
import type { Employee } from '../../domain/people/employee.js';
import { EmployeeStore, type EntityTable, type Mutation } from '../../storage/ports/entity.store.js';
import { deltasOf } from './department-totals.js';
import { PendingDeltas } from './pending-deltas.js';

type Change = (id: string, current: Employee | undefined) => Employee | undefined;

/** The employees for code that changes them: the totals of their departments follow. Otherwise the same as the store. */
@Injectable()
export class TrackedEmployees implements EntityTable<Employee> {
  constructor(
    @Inject(EmployeeStore) private readonly employees: EntityTable<Employee>,
    private readonly deltas: PendingDeltas,
  ) {}

  getMany(ids: readonly string[]): Promise<Map<string, Employee>> {
    return this.employees.getMany(ids);
  }

  scan(): AsyncIterable<readonly Employee[]> {
    return this.employees.scan();
  }

  /** As `EntityStore.mutate`; `change` may be called once more where the delta of a department was not open. */
  async mutate(ids: readonly string[], change: Change): Promise<Mutation<Employee>[]> {
    const distinct = [...new Set(ids)];
    const mutations = new Map<string, Mutation<Employee>>();
    const acquired: string[] = [];
    try {
      for (let left: readonly string[] = distinct; left.length > 0;)
        left = await this.mutateTracked(left, change, mutations, acquired);
    } catch (error) {
      // Any part of it may be written.
      for (const folded of acquired) this.deltas.taint(folded);
      throw error;
    } finally {
      for (const folded of acquired) this.deltas.release(folded);
    }
    return distinct.flatMap((id) => mutations.get(id) ?? []);
  }

  /** The totals of the department are recomputed: a direct edit between the read and the deletion cannot be detected. */
  async delete(id: string): Promise<void> {
    const current = (await this.employees.getMany([id])).get(id);
    const departments = deltasOf(current, undefined);
    await this.deltas.open(new Map(departments.map(({ folded, name }) => [folded, name])));
    try {
      for (const { folded } of departments) this.deltas.taint(folded);
      await this.employees.delete(id);
    } finally {
      for (const { folded } of departments) this.deltas.release(folded);
    }
  }

  /** Changes the employees whose departments have an open delta; opens the deltas of the others, and returns those. */
  private async mutateTracked(
    ids: readonly string[],
    change: Change,
    mutations: Map<string, Mutation<Employee>>,
    acquired: string[],
  ): Promise<readonly string[]> {
    const isAcquired = new Set(acquired);
    const missing = new Map<string, string>();
    const left = new Set<string>();
    const canTrack = (folded: string): boolean => {
      if (isAcquired.has(folded)) return true;
      if (!this.deltas.acquire(folded)) return false;
      isAcquired.add(folded);
      acquired.push(folded);
      return true;
    };
    const results = await this.employees.mutate(ids, (id, current) => {
      left.delete(id);
      const next = change(id, current);
      if (next === undefined) return next;
      for (const { folded, name } of deltasOf(current, next)) {
        if (canTrack(folded)) continue;
        missing.set(folded, name);
        left.add(id);
      }
      return left.has(id) ? undefined : next;
    });
    for (const mutation of results) {
      if (left.has(mutation.id)) continue;
      mutations.set(mutation.id, mutation);
      if (!mutation.changed) continue;
      for (const { folded, metrics, sign } of deltasOf(mutation.before, mutation.after))
        this.deltas.add(folded, metrics, sign);
    }
    if (left.size === 0) return [];
    await this.deltas.open(missing);
    acquired.push(...missing.keys());
    return [...left];
  }
}
