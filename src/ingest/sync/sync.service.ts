import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { isAbort } from '../../lib/abort.js';
import { DomainEvents, ListenerError } from '../../platform/events/domain-events.js';
import type { EditReady, ImportReady } from '../../platform/events/event-map.js';
import { crashPoint } from '../../lib/failpoints.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { StorageError } from '../../storage/ports/storage-error.js';
import type { SyncRepair } from '../../storage/ports/sync-journal.store.js';
import { isSubmittedBefore } from '../../domain/surveys/survey-response.js';
import { isMeasuredBy } from '../../domain/people/rescoring.js';
import { DepartmentWithdrawal } from '../departments/department-roll-up.js';
import type { TableWrite } from './employee-writer.js';
import { ResponseRemoval } from './response-removal.js';
import { RosterImport } from './roster-import.js';
import { SurveyImport } from './survey-import.js';
import { SyncJournal } from './sync-journal.js';
import { TableAnnouncer } from './table-announcer.js';

/**
 * Brings the tables up to date in the order of the contract — Survey_Response, Employees, Departments — with an event
 * after each, then `sync.completed` or `sync.failed`. A sync stands in the journal until it has succeeded; repeating one
 * that broke off is safe and finishes it.
 */
@Injectable()
export class SyncService implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(SyncService.name);
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly events: DomainEvents,
    private readonly journal: SyncJournal,
    private readonly surveys: SurveyImport,
    private readonly rosters: RosterImport,
    private readonly removals: ResponseRemoval,
    private readonly withdrawal: DepartmentWithdrawal,
    private readonly tables: TableAnnouncer,
    private readonly lifecycle: Lifecycle,
  ) {}

  onModuleInit(): void {
    this.events.listen('import.ready', (ready) =>
      this.journaled(ready.syncId, 'roll_up', (isRepeated) => this.importRows(ready, isRepeated)),
    );
    this.events.listen('undo.ready', (undo) =>
      this.journaled(undo.syncId, 'roll_up', () =>
        this.removals.run({
          ...undo,
          isMeant: ({ uploadId }) => uploadId === undo.syncId,
          isMeasured: (employee) => isMeasuredBy(employee, undo.syncId),
        }),
      ),
    );
    this.events.listen('responses.expired', ({ before, ...expiry }) =>
      this.journaled(expiry.syncId, 'withdraw', (isRepeated) =>
        this.removals.run({
          ...expiry,
          isRepeated,
          isMeant: ({ submissionDate }) => isSubmittedBefore(submissionDate, before),
          isMeasured: ({ lastSubmissionDate = '' }) => isSubmittedBefore(lastSubmissionDate, before),
        }),
      ),
    );
    this.events.listen('edit.ready', (edit) =>
      // Rolling up would undo an edit of a department.
      this.journaled(edit.syncId, edit.table === 'Employees' ? 'roll_up' : 'evaluate', () => this.edit(edit)),
    );
  }

  /** Lets the syncs that requests began end, by themselves or by the stop. */
  async beforeApplicationShutdown(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /**
   * Runs work that takes measurements out of the tables, as one sync: in the journal until it has succeeded, then
   * `sync.completed` or `sync.failed`. `work` answers the rows written. Throws what `work` throws.
   */
  withdraw(syncId: string, work: (isRepeated: boolean) => Promise<number>): Promise<void> {
    return this.journaled(syncId, 'withdraw', work);
  }

  /** Whether the departments were computed under another `MIN_GROUP_SIZE`. Throws StorageError. */
  isOutdated(): Promise<boolean> {
    return this.tables.isOutdated();
  }

  /** Computes every department from the employees as they are now, and has them evaluated. */
  async recompute(): Promise<{ syncId: string; departmentsChanged: number }> {
    const syncId = uuid();
    let departmentsChanged = 0;
    await this.journaled(syncId, 'roll_up', async () => {
      departmentsChanged = await this.rollUpAll(syncId);
      return departmentsChanged;
    });
    return { syncId, departmentsChanged };
  }

  /** Makes good what a sync that broke off has left, of which only the journal is known. */
  async repair(repair: SyncRepair): Promise<void> {
    const syncId = uuid();
    await this.guard(syncId, async () => {
      if (repair !== 'evaluate') {
        const changed = await this.rollUpAll(syncId);
        if (repair === 'withdraw') await this.withdrawal.run(syncId, 'all');
        return changed;
      }
      await this.tables.announce(syncId, 'Employees', { count: 0, keys: 'many' });
      await this.tables.announce(syncId, 'Departments', { count: 0, keys: 'many' });
      return 0;
    });
  }

  private async rollUpAll(syncId: string): Promise<number> {
    await this.tables.announce(syncId, 'Employees', { count: 0, keys: 'many' });
    return this.tables.syncDepartments(syncId, 'all');
  }

  private async importRows(ready: ImportReady, isRepeated: boolean): Promise<number> {
    switch (ready.kind) {
      case 'survey': {
        const responses = await this.surveys.writeResponses(ready);
        crashPoint('sync.responses_written');
        await this.tables.announce(ready.syncId, 'Survey_Response', responses);
        await this.employeesWritten(ready.syncId, await this.surveys.writeEmployees(ready), isRepeated);
        return responses.count;
      }
      case 'employees': {
        const employees = await this.rosters.writeEmployees(ready.batches());
        await this.employeesWritten(ready.syncId, employees, isRepeated);
        return employees.count;
      }
      case 'departments': {
        const { count, keys, divisions } = await this.rosters.writeDepartments(ready.batches());
        await this.tables.syncDepartments(ready.syncId, isRepeated ? 'all' : divisions, keys);
        return count;
      }
    }
  }

  /**
   * An attempt that broke off may have moved employees, whose old departments are not in their rows any more, and may have
   * written what is now found to be as it should.
   */
  private async employeesWritten(
    syncId: string,
    { count, keys, divisions }: TableWrite,
    isRepeated: boolean,
  ): Promise<void> {
    crashPoint('sync.employees_written');
    await this.tables.announce(syncId, 'Employees', { count, keys: isRepeated ? 'many' : keys });
    await this.tables.syncDepartments(syncId, isRepeated ? 'all' : divisions);
  }

  private async edit({ syncId, table, write }: EditReady): Promise<number> {
    const { keys, divisions } = await write();
    crashPoint('edit.written');
    if (keys.length === 0) return 0;
    await this.tables.announce(syncId, table, { count: keys.length, keys });
    if (table === 'Employees') await this.tables.syncDepartments(syncId, new Set(divisions));
    return keys.length;
  }

  private journaled(
    syncId: string,
    repair: SyncRepair,
    sync: (isRepeated: boolean) => Promise<number>,
  ): Promise<void> {
    return this.guard(syncId, () => this.journal.during({ syncId, repair }, sync));
  }

  private guard(syncId: string, sync: () => Promise<number>): Promise<void> {
    const run = this.runAndTell(syncId, sync);
    const ended = run.catch(() => undefined).finally(() => this.running.delete(ended));
    this.running.add(ended);
    return run;
  }

  private async runAndTell(syncId: string, sync: () => Promise<number>): Promise<void> {
    try {
      this.lifecycle.halting.throwIfAborted();
      const rowsWritten = await sync();
      await this.events.publish('sync.completed', { syncId, rowsWritten });
    } catch (error) {
      if (isAbort(error)) this.logger.log({ syncId }, 'The stop interrupted a sync; it will be made good');
      else this.logger.error({ err: error, syncId }, 'A sync failed');
      await this.events.publish('sync.failed', { syncId, code: codeOf(error) });
      throw error;
    }
  }
}

/** What a failed sync says to callers: whether the store or the evaluation gave out, or the server stopped. */
function codeOf(error: unknown): string {
  if (isAbort(error)) return 'interrupted';
  if (error instanceof StorageError) return 'storage_unavailable';
  return error instanceof ListenerError ? 'evaluation_failed' : 'internal_error';
}
