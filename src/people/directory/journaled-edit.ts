import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import type { EditReady } from '../../platform/events/event-map.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import type { EntityStore, Mutation } from '../../storage/ports/entity.store.js';

export interface Edit<T> {
  readonly store: Pick<EntityStore<T>, 'getMany' | 'mutate'>;
  readonly table: EditReady['table'];
  readonly id: string;
  /** Must be pure. */
  readonly change: (current: T) => T;
  /** The department that an employee counts in. */
  readonly divisionOf: (entity: T) => string | undefined;
}

/** Edits one entity so that whatever hangs on it follows, even after a crash in between. */
@Injectable()
export class JournaledEdit {
  constructor(private readonly events: DomainEvents) {}

  /**
   * Resolves to the entity after the edit once departments are rolled up and everything is evaluated; to undefined, with
   * nothing written, when there is no such entity.
   */
  async run<T>({ store, table, id, change, divisionOf }: Edit<T>): Promise<T | undefined> {
    if (!(await store.getMany([id])).has(id)) return undefined;
    const edits: Mutation<T>[] = [];
    await this.events.publish('edit.ready', {
      syncId: uuid(),
      table,
      write: async () => {
        edits.push(...(await store.mutate([id], (_, current) => current && change(current))));
        const states = edits.flatMap(({ before, after }) => [before, after]);
        const divisions = states.map((state) => state && divisionOf(state));
        const exists = edits.some(({ after }) => after !== undefined);
        return {
          keys: exists ? [id] : [],
          divisions: divisions.filter((division) => division !== undefined),
        };
      },
    });
    return edits[0]?.after;
  }
}
