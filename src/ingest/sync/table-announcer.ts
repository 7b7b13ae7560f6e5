import { Injectable, Logger } from '@nestjs/common';
import { DomainEvents } from '../../platform/events/domain-events.js';
import type { ChangedKeys, TableSynced } from '../../platform/events/event-map.js';
import { crashPoint } from '../../lib/failpoints.js';
import { allKeys } from './employee-writer.js';
import { DepartmentRollUp } from '../departments/department-roll-up.js';

const EVENT_OF = {
  Survey_Response: 'survey-responses.synced',
  Employees: 'employees.synced',
  Departments: 'departments.synced',
} as const;

/** Tells the others that a table is written, and rolls departments up as the last table of every sync. */
@Injectable()
export class TableAnnouncer {
  private readonly logger = new Logger(TableAnnouncer.name);

  constructor(
    private readonly events: DomainEvents,
    private readonly rollUp: DepartmentRollUp,
  ) {}

  /** Publishes that a table is written; resolves when everyone who listens is done. */
  async announce(
    syncId: string,
    table: TableSynced['table'],
    written: { readonly count: number; readonly keys: ChangedKeys },
  ): Promise<void> {
    const { count, keys } = written;
    this.logger.log({ syncId, table, count }, `Wrote ${count} item(s) of ${table}`);
    await this.events.publish(EVENT_OF[table], { syncId, table, count, keys });
  }

  /** Whether a department was rolled up under another `MIN_GROUP_SIZE`. Throws StorageError. */
  isOutdated(): Promise<boolean> {
    return this.rollUp.isOutdated();
  }

  /** Rolls up the named departments, with `alsoChanged` among the keys that it announces; or all, and then names none. */
  async syncDepartments(
    syncId: string,
    names: ReadonlySet<string> | 'all',
    alsoChanged: ChangedKeys = [],
  ): Promise<number> {
    const rolledUp = await this.rollUp.refresh(names);
    crashPoint('sync.departments_written');
    const keys = names === 'all' ? 'many' : allKeys(alsoChanged, rolledUp);
    await this.announce(syncId, 'Departments', { count: rolledUp.length, keys });
    return rolledUp.length;
  }
}
