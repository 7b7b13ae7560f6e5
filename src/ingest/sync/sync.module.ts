import { Module } from '@nestjs/common';
import { DepartmentDirectory } from '../departments/department-directory.js';
import { DepartmentWithdrawal, DepartmentRollUp } from '../departments/department-roll-up.js';
import { ResponseRemoval, ResponseSweep } from './response-removal.js';
import { DryRun } from './dry-run.js';
import { EditedTables } from './edited-tables.js';
import { ImportLock } from './import-lock.js';
import { EmployeeRescoring } from './employee-rescoring.js';
import { RosterImport } from './roster-import.js';
import { SurveyImport } from './survey-import.js';
import { SyncJournal } from './sync-journal.js';
import { SyncRepair } from './sync-repair.js';
import { SyncController } from './sync.controller.js';
import { SyncService } from './sync.service.js';
import { TableAnnouncer } from './table-announcer.js';

/** Writes the tables, in order, and publishes an event after each. */
@Module({
  controllers: [SyncController],
  providers: [
    SyncService,
    ImportLock,
    SyncJournal,
    SyncRepair,
    TableAnnouncer,
    SurveyImport,
    ResponseRemoval,
    ResponseSweep,
    DepartmentWithdrawal,
    EmployeeRescoring,
    RosterImport,
    DepartmentRollUp,
    DryRun,
    DepartmentDirectory,
    EditedTables,
  ],
  exports: [SyncService, DryRun, ImportLock, ResponseSweep, DepartmentWithdrawal, TableAnnouncer],
})
export class SyncModule {}
