import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { isAbort } from '../../lib/abort.js';
import { DomainEvents, ListenerError } from '../../platform/events/domain-events.js';
import { failpoint } from '../../lib/failpoints.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { StorageError } from '../../storage/ports/storage-error.js';
import type { SyncRepair } from '../../storage/ports/sync-journal.store.js';
import { isSubmittedBefore } from '../../domain/surveys/survey-response.js';
import { isMeasuredBy } from '../../domain/people/rescoring.js';
import type { UndoCounts, UndoReport } from '../../domain/uploads/upload.js';
import type { ImportReady } from '../csv/import-ready.js';
import { DepartmentWithdrawal } from '../departments/department-roll-up.js';
import { importRows } from './import-rows.js';
import { ResponseRemoval } from './response-removal.js';
import { RosterImport } from './roster-import.js';
import { SurveyImport } from './survey-import.js';
import { SyncJournal } from './sync-journal.js';
import { TableAnnouncer } from './table-announcer.js';

/** Why a sync failed: storage, evaluation, the end of a stop's grace, or a fault. */
export type SyncFailureCode = 'storage_unavailable' | 'evaluation_failed' | 'interrupted' | 'internal_error';

/** What a sync did; until it failed, if it did. */
export interface SyncResult {
  /** 0 for a sync that failed. */
  readonly rowsWritten: number;
  /** By the evaluations of this sync, as long as it ran. */
  readonly alertsRaised: number;
  readonly alertsCleared: number;
  readonly failure?: { readonly code: SyncFailureCode; readonly error: unknown };
}

/** The upload whose responses an undo removes. */
export interface Undo {
  /** The id of the upload. */
  readonly syncId: string;
  /** An attempt before this one may have changed employees. */
  readonly isRepeated: boolean;
}

/** What an edit changed. */
export interface EditWritten {
  /** Empty when nothing was written. */
  readonly keys: readonly string[];
  /** The departments that must be rolled up. */
  readonly divisions: readonly string[];
}

type AlertCounts = Pick<SyncResult, 'alertsRaised' | 'alertsCleared'>;

/** The alerts of a sync that runs. */
interface AlertTally {
  readonly syncId: string;
  /** Whether it counts periodic evaluations too: one amid a long import evaluates what the import has written so far. */
  readonly includesPeriodic: boolean;
  counts: AlertCounts;
}

/** How a sync runs. */
interface SyncOptions {
  readonly syncId: string;
  readonly includesPeriodic?: boolean;
}

/**
 * Brings the tables up to date in the order of the contract — Survey_Response, Employees, Departments — with an event
 * after each, then `sync.completed` or `sync.failed`. A sync stands in the journal until it has succeeded; repeating one
 * that broke off is safe and finishes it. `import` and `undo` return failures, so that their callers report what was done
 * until then; the other methods throw them.
 */
@Injectable()
export class SyncService implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(SyncService.name);
  private readonly running = new Set<Promise<unknown>>();
  private readonly tallies = new Set<AlertTally>();

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
    this.events.listen('risk.evaluated', ({ syncId, raised, cleared }) => {
      for (const tally of this.tallies) {
        const counts = syncId === tally.syncId || (syncId === null && tally.includesPeriodic);
        if (!counts) continue;
        const { alertsRaised, alertsCleared } = tally.counts;
        tally.counts = { alertsRaised: alertsRaised + raised, alertsCleared: alertsCleared + cleared };
      }
    });
  }

  /** Waits for the syncs that run: they end by themselves, or at the end of the stop's grace. */
  async beforeApplicationShutdown(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** Writes the rows of a file. Never rejects: a failure is in the result. */
  import(ready: ImportReady): Promise<SyncResult> {
    const { surveys, rosters, tables } = this;
    const writers = { surveys, rosters, tables, writesResponses: true };
    return this.journaled({ syncId: ready.syncId, includesPeriodic: true }, 'roll_up', (isRepeated) =>
      importRows(writers, ready, isRepeated),
    );
  }

  /**
   * Removes the responses of an upload and rescores whom they measured. `onProgress` is called after each step with the
   * per cent done and what was changed so far. Never rejects: a failure is in the result.
   */
  undo(
    { syncId, isRepeated }: Undo,
    onProgress: (percent: number, soFar: UndoReport) => void,
  ): Promise<SyncResult> {
    return this.journaled({ syncId }, 'roll_up', (_isRepeated, alerts) =>
      this.removals.run({
        syncId,
        isRepeated,
        report: (percent, counts) => onProgress(percent, { ...counts, ...alerts() }),
        isMeant: ({ uploadId }) => uploadId === syncId,
        isMeasured: (employee) => isMeasuredBy(employee, syncId),
      }),
    );
  }

  /**
   * Removes the responses that were submitted before a moment (ISO-8601, UTC) and rescores whom they measured. Returns
   * what was changed. Throws StorageError, and ListenerError when an evaluation failed.
   */
  async expire(before: string): Promise<UndoCounts> {
    const syncId = uuid();
    let removed: UndoCounts = { responsesRemoved: 0, employeesChanged: 0, employeesRemoved: 0 };
    const result = await this.journaled({ syncId }, 'withdraw', (isRepeated) =>
      this.removals.run({
        syncId,
        isRepeated,
        report: (_percent, counts) => (removed = counts),
        isMeant: ({ submissionDate }) => isSubmittedBefore(submissionDate, before),
        isMeasured: ({ lastSubmissionDate = '' }) => isSubmittedBefore(lastSubmissionDate, before),
      }),
    );
    throwFailure(result);
    return removed;
  }

  /**
   * Runs an edit of one table, then rolls departments up and evaluates. `write` makes the edit, once, after the journal
   * has an entry for the case of a crash. Throws StorageError, and ListenerError when an evaluation failed.
   */
  async edit(table: 'Employees' | 'Departments', write: () => Promise<EditWritten>): Promise<void> {
    const syncId = uuid();
    // Rolling up would undo an edit of a department.
    const repair = table === 'Employees' ? 'roll_up' : 'evaluate';
    const result = await this.journaled({ syncId }, repair, async () => {
      const { keys, divisions } = await write();
      failpoint('edit.written');
      if (keys.length === 0) return 0;
      await this.tables.announce(syncId, table, { count: keys.length, keys });
      if (table === 'Employees') await this.tables.syncDepartments(syncId, new Set(divisions));
      return keys.length;
    });
    throwFailure(result);
  }

  /**
   * Runs work that removes measurements from the tables, as one sync. `work` returns the rows written. Throws what `work`
   * throws.
   */
  async withdraw(syncId: string, work: (isRepeated: boolean) => Promise<number>): Promise<SyncResult> {
    const result = await this.journaled({ syncId }, 'withdraw', work);
    throwFailure(result);
    return result;
  }

  /** Whether the departments were computed under another `MIN_GROUP_SIZE`. Throws StorageError. */
  isOutdated(): Promise<boolean> {
    return this.tables.isOutdated();
  }

  /** Computes every department from the employees as they are now, and evaluates them. Throws as {@link expire} does. */
  async recompute(): Promise<{ syncId: string; departmentsChanged: number }> {
    const syncId = uuid();
    const result = await this.journaled({ syncId }, 'roll_up', () => this.rollUpAll(syncId));
    throwFailure(result);
    return { syncId, departmentsChanged: result.rowsWritten };
  }

  /** Repairs what an interrupted sync may have left, when only its kind is known. Throws as {@link expire} does. */
  async repair(repair: SyncRepair): Promise<void> {
    const syncId = uuid();
    const result = await this.guarded({ syncId }, async () => {
      if (repair !== 'evaluate') {
        const changed = await this.rollUpAll(syncId);
        if (repair === 'withdraw') await this.withdrawal.run(syncId, 'all');
        return changed;
      }
      await this.tables.announce(syncId, 'Employees', { count: 0, keys: 'many' });
      await this.tables.announce(syncId, 'Departments', { count: 0, keys: 'many' });
      return 0;
    });
    throwFailure(result);
  }

  private async rollUpAll(syncId: string): Promise<number> {
    await this.tables.announce(syncId, 'Employees', { count: 0, keys: 'many' });
    return this.tables.syncDepartments(syncId, 'all');
  }

  private journaled(
    options: SyncOptions,
    repair: SyncRepair,
    work: (isRepeated: boolean, alerts: () => AlertCounts) => Promise<number>,
  ): Promise<SyncResult> {
    return this.guarded(options, (alerts) =>
      this.journal.during({ syncId: options.syncId, repair }, (isRepeated) => work(isRepeated, alerts)),
    );
  }

  /** Runs a sync, counts its alerts, and publishes how it ended. Never rejects. */
  private guarded(
    { syncId, includesPeriodic = false }: SyncOptions,
    work: (alerts: () => AlertCounts) => Promise<number>,
  ): Promise<SyncResult> {
    const tally: AlertTally = {
      syncId,
      includesPeriodic,
      counts: { alertsRaised: 0, alertsCleared: 0 },
    };
    const attempt = async (): Promise<SyncResult> => {
      this.tallies.add(tally);
      try {
        this.lifecycle.halting.throwIfAborted();
        const rowsWritten = await work(() => tally.counts);
        await this.events.publish('sync.completed', { syncId, rowsWritten });
        return { rowsWritten, ...tally.counts };
      } catch (error) {
        const code = syncFailureCode(error);
        if (isAbort(error)) this.logger.log({ syncId }, 'The stop interrupted a sync; it will be repaired');
        else this.logger.error({ err: error, syncId }, 'A sync failed');
        // The bus logs a listener that fails; the failure of the sync is the one to report.
        await this.events.publish('sync.failed', { syncId, code }).catch(() => undefined);
        return { rowsWritten: 0, ...tally.counts, failure: { code, error } };
      } finally {
        this.tallies.delete(tally);
      }
    };
    const run = attempt();
    const ended = run.finally(() => this.running.delete(ended));
    this.running.add(ended);
    return run;
  }
}

/** The stable code of an error that a sync, or the validation before it, ended with. */
export function syncFailureCode(error: unknown): SyncFailureCode {
  if (isAbort(error)) return 'interrupted';
  if (error instanceof StorageError) return 'storage_unavailable';
  return error instanceof ListenerError ? 'evaluation_failed' : 'internal_error';
}

function throwFailure({ failure }: SyncResult): void {
  if (failure) throw failure.error;
}
