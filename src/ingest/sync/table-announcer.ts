import { Injectable, Logger } from '@nestjs/common';
import { DomainEvents } from '../../platform/events/domain-events.js';
import type { ChangedKeys, TableSynced } from '../../platform/events/event-map.js';
import { failpoint } from '../../lib/failpoints.js';
import { allKeys } from './employee-writer.js';
import { DepartmentRollUp } from '../departments/department-roll-up.js';

/** What happens after each table of a sync, and the roll-up of departments, which is the last table of every sync. */
export abstract class TableSteps {
  constructor(protected readonly rollUp: DepartmentRollUp) {}

  /** Reports that a table is written; resolves when everything that depends on it is done. */
  abstract announce(
    syncId: string,
    table: TableSynced['table'],
    written: { readonly count: number; readonly keys: ChangedKeys },
  ): Promise<void>;

  /**
   * Rolls up the named departments and announces their keys with `alsoChanged`; or rolls up all departments and announces
   * `many`. Returns the number of departments that changed.
   */
  async syncDepartments(
    syncId: string,
    names: ReadonlySet<string> | 'all',
    alsoChanged: ChangedKeys = [],
  ): Promise<number> {
    const rolledUp = await this.rollUp.refresh(names);
    failpoint('sync.departments_written');
    const keys = names === 'all' ? 'many' : allKeys(alsoChanged, rolledUp);
    await this.announce(syncId, 'Departments', { count: rolledUp.length, keys });
    return rolledUp.length;
  }
}

/** Publishes an event after each table. */
@Injectable()
export class TableAnnouncer extends TableSteps {
  private readonly logger = new Logger(TableAnnouncer.name);

  constructor(
    private readonly events: DomainEvents,
    rollUp: DepartmentRollUp,
  ) {
    super(rollUp);
  }

  /** Throws ListenerError when a listener of the event failed. */
  async announce(
    syncId: string,
    table: TableSynced['table'],
    written: { readonly count: number; readonly keys: ChangedKeys },
  ): Promise<void> {
    const { count, keys } = written;
    this.logger.log({ syncId, table, count }, `Wrote ${count} item(s) of ${table}`);
    const payload = { syncId, table, count, keys };
    switch (table) {
      case 'Survey_Response':
        return this.events.publish('survey-responses.synced', payload);
      case 'Employees':
        return this.events.publish('employees.synced', payload);
      case 'Departments':
        return this.events.publish('departments.synced', payload);
    }
  }

  /** Whether a department was rolled up under another `MIN_GROUP_SIZE`. Throws StorageError. */
  isOutdated(): Promise<boolean> {
    return this.rollUp.isOutdated();
  }
}
