import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { DomainEvents, ListenerError } from '../events/domain-events.js';
import type { ImportReady } from '../events/domain-event-map.js';
import { StorageError } from '../storage/storage-error.js';
import { RosterImport } from './roster-import.js';
import { SurveyImport } from './survey-import.js';
import { TableSync } from './table-sync.js';

/**
 * Brings the tables up to date in the order of the contract — Survey_Response, Employees, Departments — with an event
 * after each, then `sync.completed` or `sync.failed`. Repeating a sync that broke off is safe and finishes it.
 */
@Injectable()
export class SyncService implements OnModuleInit {
  private readonly logger = new Logger(SyncService.name);

  constructor(
    private readonly events: DomainEvents,
    private readonly surveys: SurveyImport,
    private readonly rosters: RosterImport,
    private readonly tables: TableSync,
  ) {}

  onModuleInit(): void {
    this.events.listen('import.ready', (ready) => this.guard(ready.syncId, () => this.importRows(ready)));
    this.events.listen('employees.edited', ({ syncId, keys, divisions }) =>
      this.guard(syncId, async () => {
        await this.tables.announce(syncId, 'Employees', { count: keys.length, keys });
        await this.tables.syncDepartments(syncId, new Set(divisions));
        return keys.length;
      }),
    );
    this.events.listen('departments.edited', ({ syncId, keys }) =>
      this.guard(syncId, async () => {
        await this.tables.announce(syncId, 'Departments', { count: keys.length, keys });
        return keys.length;
      }),
    );
  }

  /** Computes every department from the employees as they are now, and has them evaluated. */
  async recompute(): Promise<{ syncId: string; departmentsChanged: number }> {
    const syncId = uuid();
    let departmentsChanged = 0;
    await this.guard(syncId, async () => {
      await this.tables.announce(syncId, 'Employees', { count: 0, keys: [] });
      departmentsChanged = await this.tables.syncDepartments(syncId, 'all');
      return departmentsChanged;
    });
    return { syncId, departmentsChanged };
  }

  private async importRows(ready: ImportReady): Promise<number> {
    switch (ready.kind) {
      case 'survey':
        return this.importSurvey(ready);
      case 'employees': {
        const employees = await this.rosters.writeEmployees(ready.batches());
        await this.tables.announce(ready.syncId, 'Employees', employees);
        await this.tables.syncDepartments(ready.syncId, employees.divisions);
        return employees.count;
      }
      case 'departments': {
        const departments = await this.rosters.writeDepartments(ready.batches());
        await this.tables.syncDepartments(ready.syncId, departments.divisions, departments.keys);
        return departments.count;
      }
    }
  }

  private async importSurvey(ready: Extract<ImportReady, { kind: 'survey' }>): Promise<number> {
    const responses = await this.surveys.writeResponses(ready);
    await this.tables.announce(ready.syncId, 'Survey_Response', responses);
    const employees = await this.surveys.writeEmployees(ready);
    await this.tables.announce(ready.syncId, 'Employees', employees);
    await this.tables.syncDepartments(ready.syncId, employees.divisions);
    return responses.count;
  }

  private async guard(syncId: string, sync: () => Promise<number>): Promise<void> {
    try {
      const rowsWritten = await sync();
      await this.events.publish('sync.completed', { syncId, rowsWritten });
    } catch (error) {
      this.logger.error({ err: error, syncId }, 'A sync failed');
      await this.events.publish('sync.failed', { syncId, code: codeOf(error) });
      throw error;
    }
  }
}

/** What a failed sync says to callers: whether the store or the evaluation gave out. */
function codeOf(error: unknown): string {
  if (error instanceof StorageError) return 'storage_unavailable';
  return error instanceof ListenerError ? 'evaluation_failed' : 'internal_error';
}
