import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { UndoReport } from '../../../../src/domain/uploads/upload.js';
import type { DepartmentWithdrawal } from '../../../../src/ingest/departments/department-roll-up.js';
import type { Removal, ResponseRemoval } from '../../../../src/ingest/sync/response-removal.js';
import type { RosterImport } from '../../../../src/ingest/sync/roster-import.js';
import type { SurveyImport } from '../../../../src/ingest/sync/survey-import.js';
import type { SyncJournal } from '../../../../src/ingest/sync/sync-journal.js';
import { SyncService } from '../../../../src/ingest/sync/sync.service.js';
import type { TableAnnouncer } from '../../../../src/ingest/sync/table-announcer.js';
import { DomainEvents } from '../../../../src/platform/events/domain-events.js';
import { Lifecycle } from '../../../../src/platform/lifecycle/lifecycle.js';
import { StorageError } from '../../../../src/storage/ports/storage-error.js';
import { asyncOf } from '../../../support/app/async-of.js';

Logger.overrideLogger(false);

let events: DomainEvents;
let published: string[];
/** Runs after each table that a sync announces. */
let onTable: (table: string) => Promise<void>;
let sync: SyncService;

beforeEach(() => {
  events = new DomainEvents(new EventEmitter2());
  published = [];
  events.listen('sync.completed', ({ rowsWritten }) => void published.push(`completed ${rowsWritten}`));
  events.listen('sync.failed', ({ code }) => void published.push(`failed ${code}`));
  onTable = () => Promise.resolve();
  const written = { count: 2, keys: ['E1'], divisions: new Set<string>() };
  const journal = { during: (_entry: object, work: (isRepeated: boolean) => unknown) => work(false) };
  const surveys = {
    writeResponses: () => Promise.resolve(written),
    writeEmployees: () => Promise.resolve(written),
  };
  const tables = {
    announce: (_syncId: string, table: string) => onTable(table),
    syncDepartments: async () => {
      await onTable('Departments');
      return 0;
    },
  };
  const removals = {
    run: async ({ report }: Removal) => {
      const counts = { responsesRemoved: 1, employeesChanged: 0, employeesRemoved: 0 };
      report(0, { ...counts, responsesRemoved: 0 });
      await onTable('Survey_Response');
      report(40, counts);
      return 1;
    },
  };
  sync = new SyncService(
    events,
    journal as unknown as SyncJournal,
    surveys as unknown as SurveyImport,
    {} as RosterImport,
    removals as unknown as ResponseRemoval,
    {} as DepartmentWithdrawal,
    tables as unknown as TableAnnouncer,
    new Lifecycle(),
  );
  sync.onModuleInit();
});

const evaluated = (syncId: string | null, raised: number, cleared: number) =>
  events.publish('risk.evaluated', { syncId, raised, cleared });

const importFile = (syncId: string) =>
  sync.import({ kind: 'survey', syncId, questionNames: new Map(), batches: () => asyncOf([]) });

/** One evaluation of each origin, once the employees are written. */
async function evaluateAmid(table: string): Promise<void> {
  if (table !== 'Employees') return;
  await evaluated(null, 5, 2);
  await evaluated('u1', 10, 1);
  await evaluated('another', 100, 100);
}

describe('the result of an import', () => {
  it('counts the alerts of its own and of periodic evaluations while it writes, and no more', async () => {
    onTable = evaluateAmid;
    await evaluated(null, 1_000, 1_000);
    expect(await importFile('u1')).toEqual({ rowsWritten: 2, alertsRaised: 15, alertsCleared: 3 });
    await evaluated('u1', 1_000, 1_000);
    expect(await importFile('u2')).toMatchObject({ alertsRaised: 5, alertsCleared: 2 });
    expect(published).toEqual(['completed 2', 'completed 2']);
  });

  it('holds the failure, with the alerts until then, after sync.failed', async () => {
    const error = new StorageError('write', new Error('down'));
    onTable = async (table) => {
      await evaluateAmid(table);
      if (table === 'Departments') throw error;
    };
    expect(await importFile('u1')).toEqual({
      rowsWritten: 0,
      alertsRaised: 15,
      alertsCleared: 3,
      failure: { code: 'storage_unavailable', error },
    });
    expect(published).toEqual(['failed storage_unavailable']);
  });
});

describe('the result of an undo', () => {
  it('counts the alerts of its own evaluations only, also in what it reports amid', async () => {
    const reports: [number, UndoReport][] = [];
    onTable = async () => {
      await evaluated(null, 50, 50);
      await evaluated('u1', 0, 3);
    };
    const result = await sync.undo({ syncId: 'u1', isRepeated: false }, (percent, soFar) =>
      reports.push([percent, soFar]),
    );
    expect(result).toEqual({ rowsWritten: 1, alertsRaised: 0, alertsCleared: 3 });
    const counts = { employeesChanged: 0, employeesRemoved: 0, alertsRaised: 0 };
    expect(reports).toEqual([
      [0, { ...counts, responsesRemoved: 0, alertsCleared: 0 }],
      [40, { ...counts, responsesRemoved: 1, alertsCleared: 3 }],
    ]);
  });
});

describe('an edit', () => {
  it('throws what it failed with', async () => {
    const error = new Error('down');
    await expect(sync.edit('Departments', () => Promise.reject(error))).rejects.toBe(error);
    expect(published).toEqual(['failed internal_error']);
  });
});
