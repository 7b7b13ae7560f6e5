import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { EntityTable, Mutation } from '../../storage/ports/entity.store.js';
import type { Department } from '../../domain/people/department.js';
import type { Employee } from '../../domain/people/employee.js';
import type { Rates } from '../../domain/surveys/scores.js';

/** Created entities per page. */
const PAGE = 500;

/** How a changed entity is kept in memory until the end of a dry run, in as few bytes as possible. */
export interface Packing<T, Packed> {
  pack(entity: T): Packed;
  unpack(id: string, packed: Packed): T;
}

/** The state of a changed entity: packed, or undefined when deleted. */
interface Change<Packed> {
  readonly isNew: boolean;
  readonly packed: Packed | undefined;
}

/**
 * A table with changes that are kept in memory only: unchanged entities are read from the real table, and nothing is ever
 * written. A changed entity has only the fields that the packing keeps.
 */
export class OverlayTable<T, Packed> implements EntityTable<T> {
  private readonly changes = new Map<string, Change<Packed>>();

  constructor(
    private readonly real: EntityTable<T>,
    private readonly idOf: (entity: T) => string,
    private readonly packing: Packing<T, Packed>,
  ) {}

  async getMany(ids: readonly string[]): Promise<Map<string, T>> {
    const found = await this.real.getMany(ids.filter((id) => !this.changes.has(id)));
    for (const id of ids) {
      const entity = this.changed(id);
      if (entity !== undefined) found.set(id, entity);
    }
    return found;
  }

  async mutate(
    ids: readonly string[],
    change: (id: string, current: T | undefined) => T | undefined,
  ): Promise<Mutation<T>[]> {
    const distinct = [...new Set(ids)];
    const current = await this.getMany(distinct);
    return distinct.map((id) => {
      const before = current.get(id);
      const after = change(id, before);
      // A packed entity may lack the fields that changed; it counts as changed already.
      const isSame = !this.changes.has(id) && isDeepStrictEqual(before, after);
      if (after === undefined || isSame) return { id, before, after: before, changed: false };
      const isNew = before === undefined || (this.changes.get(id)?.isNew ?? false);
      this.changes.set(id, { isNew, packed: this.packing.pack(after) });
      return { id, before, after, changed: true };
    });
  }

  async *scan(): AsyncIterable<readonly T[]> {
    for await (const page of this.real.scan()) {
      yield page.flatMap((entity): T[] => {
        const id = this.idOf(entity);
        const change = this.changes.get(id);
        if (!change) return [entity];
        // Deleted before, or created in the real table meanwhile: `created()` returns it.
        if (change.isNew) return [];
        const changed = this.changed(id);
        return changed === undefined ? [] : [changed];
      });
    }
    yield* this.created();
  }

  delete(id: string): Promise<void> {
    this.changes.set(id, { isNew: false, packed: undefined });
    return Promise.resolve();
  }

  private async *created(): AsyncIterable<readonly T[]> {
    let page: T[] = [];
    for (const [id, { isNew }] of this.changes) {
      const entity = isNew ? this.changed(id) : undefined;
      if (entity === undefined) continue;
      page.push(entity);
      if (page.length < PAGE) continue;
      yield page;
      page = [];
      await nextTurn();
    }
    if (page.length > 0) yield page;
  }

  private changed(id: string): T | undefined {
    const packed = this.changes.get(id)?.packed;
    return packed === undefined ? undefined : this.packing.unpack(id, packed);
  }
}

/** An overlay of employees, which keeps what alerts and roll-ups depend on in about 250 bytes each. */
export function overlayEmployees(real: EntityTable<Employee>): EntityTable<Employee> {
  return new OverlayTable(real, ({ employeeId }) => employeeId, employeePacking());
}

/** An overlay of departments, which keeps them whole: there are few. */
export function overlayDepartments(real: EntityTable<Department>): EntityTable<Department> {
  return new OverlayTable(real, ({ departmentId }) => departmentId, {
    pack: (department: Department) => department,
    unpack: (_id, department) => department,
  });
}

/** The fields of a packed employee. One text takes a fraction of the memory of these objects. */
type PackedFields = readonly [
  facts: Pick<Employee['attributes'], 'name' | 'position' | 'division'>,
  rates: Rates,
  /** In the order in which the packing has met the names; null is absent. */
  dimensions: readonly (number | null)[],
  history: Pick<Employee, 'lastSubmissionDate' | 'metricsOrder' | 'rosterUpdatedAt'>,
];

function employeePacking(): Packing<Employee, string> {
  const names: string[] = [];
  const indexes = new Map<string, number>();
  const indexOf = (name: string): number => {
    const known = indexes.get(name);
    if (known !== undefined) return known;
    indexes.set(name, names.length);
    return names.push(name) - 1;
  };
  return {
    pack({ attributes: { name, position, division }, metrics, ...rest }) {
      const { lastSubmissionDate, metricsOrder, rosterUpdatedAt } = rest;
      const dimensions: number[] = [];
      for (const [title, value] of Object.entries(metrics.dimensions)) dimensions[indexOf(title)] = value;
      return JSON.stringify([
        { name, position, division },
        metrics.rates,
        dimensions,
        { lastSubmissionDate, metricsOrder, rosterUpdatedAt },
      ]);
    },
    unpack(employeeId, packed) {
      const [attributes, rates, values, history] = JSON.parse(packed) as PackedFields;
      const dimensions = Object.fromEntries(
        values.flatMap((value, index) => (value === null ? [] : [[names[index] ?? '', value]])),
      ) as Record<string, number>;
      return { employeeId, attributes, metrics: { dimensions, rates }, ...history };
    },
  };
}
