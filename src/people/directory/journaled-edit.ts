import { Injectable } from '@nestjs/common';
import { SyncService } from '../../ingest/sync/sync.service.js';
import type { EntityStore, Mutation } from '../../storage/ports/entity.store.js';

export interface Edit<T> {
  readonly store: Pick<EntityStore<T>, 'getMany' | 'mutate'>;
  readonly table: 'Employees' | 'Departments';
  readonly id: string;
  /** Must be pure. */
  readonly change: (current: T) => T;
  /** The department that an employee counts in. */
  readonly divisionOf: (entity: T) => string | undefined;
}

/** Edits one entity as a sync, so that departments and alerts follow, even after a crash in between. */
@Injectable()
export class JournaledEdit {
  constructor(private readonly sync: SyncService) {}

  /**
   * Resolves to the entity after the edit once departments are rolled up and everything is evaluated; to undefined, with
   * nothing written, when the entity does not exist. Throws StorageError, and ListenerError when an evaluation failed.
   */
  async run<T>({ store, table, id, change, divisionOf }: Edit<T>): Promise<T | undefined> {
    if (!(await store.getMany([id])).has(id)) return undefined;
    let edits: readonly Mutation<T>[] = [];
    await this.sync.edit(table, async () => {
      edits = await store.mutate([id], (_, current) => current && change(current));
      const states = edits.flatMap(({ before, after }) => [before, after]);
      const divisions = states.map((state) => state && divisionOf(state));
      const exists = edits.some(({ after }) => after !== undefined);
      return {
        keys: exists ? [id] : [],
        divisions: divisions.filter((division) => division !== undefined),
      };
    });
    return edits[0]?.after;
  }
}
