import { describe, expect, it } from '@jest/globals';
import type { Employee } from '../../../../src/domain/people/employee.js';
import { NO_METRICS } from '../../../../src/domain/surveys/scores.js';
import type { EntityTable } from '../../../../src/storage/ports/entity.store.js';
import { EmployeeWriter } from '../../../../src/ingest/sync/employee-writer.js';
import { asyncOf } from '../../../support/app/async-of.js';

/** Employees in memory; each change of them waits until it is let through. */
class WaitingTable implements EntityTable<Employee> {
  readonly kept = new Map<string, Employee>();
  readonly waiting = new Map<string, () => void>();

  readonly mutate: EntityTable<Employee>['mutate'] = async (ids, change) => {
    await new Promise<void>((resolve) => this.waiting.set(ids.join(' '), resolve));
    return ids.map((id) => {
      const before = this.kept.get(id);
      const after = change(id, before);
      if (after) this.kept.set(id, after);
      return { id, before, after: after ?? before, changed: after !== undefined };
    });
  };

  /** Lets the change of these through, which must have begun, and whatever comes of it happen. */
  async let(ids: string): Promise<void> {
    const go = this.waiting.get(ids);
    if (!go) throw new Error(`no change of ${ids} waits`);
    this.waiting.delete(ids);
    go();
    await settle();
  }

  getMany = () => Promise.reject(new Error('not asked for'));
  delete = () => Promise.reject(new Error('not asked for'));
  // eslint-disable-next-line @typescript-eslint/require-await -- nobody reads all of them
  async *scan(): AsyncIterable<readonly Employee[]> {
    throw new Error('not asked for');
  }
}

const settle = () => new Promise(setImmediate);

/** Writes names of employees, batch by batch: each is added to those that the employee has. */
function writeNames(table: WaitingTable, ...batches: Record<string, string>[]) {
  const writer = new EmployeeWriter(table);
  const done = writer.changeInOrder(
    asyncOf(batches.map((batch) => new Map(Object.entries(batch)))),
    (employeeId, current, name) => ({
      employeeId,
      attributes: { name: `${current?.attributes.name ?? ''}${name}` },
      metrics: NO_METRICS,
    }),
  );
  return { writer, done };
}

describe('writing employees in batches', () => {
  it('begins a batch while the one before is written, and names what changed in the order of the file', async () => {
    const table = new WaitingTable();
    const { writer, done } = writeNames(table, { A: '1', B: '1' }, { C: '1', D: '1' }, { E: '1' });
    await settle();
    expect([...table.waiting.keys()]).toEqual(['A B', 'C D']);
    await table.let('C D');
    await table.let('A B');
    await table.let('E');
    await done;
    expect(writer.written).toMatchObject({ count: 5, keys: ['A', 'B', 'C', 'D', 'E'] });
  });

  it('changes an employee of two batches in their order', async () => {
    const table = new WaitingTable();
    const { writer, done } = writeNames(table, { A: '1', B: '1' }, { C: '2', A: '2' }, { A: '3' });
    await settle();
    expect([...table.waiting.keys()]).toEqual(['A B']);
    await table.let('A B');
    await table.let('C A');
    await table.let('A');
    await done;
    expect(table.kept.get('A')?.attributes.name).toBe('123');
    expect(writer.written).toMatchObject({ count: 5, keys: ['A', 'B', 'C'] });
  });
});
