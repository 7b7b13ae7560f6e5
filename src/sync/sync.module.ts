import { Module } from '@nestjs/common';
import { DepartmentDirectory } from './department-directory.js';
import { DepartmentWithdrawal } from './department-withdrawal.js';
import { PersonErasure } from './person-erasure.js';
import { ResponseRemoval } from './response-removal.js';
import { ResponseSweep } from './response-sweep.js';
import { DepartmentRollUp } from './department-roll-up.js';
import { ImportPreview } from './import-preview.js';
import { EditedTables } from './edited-tables.js';
import { EmployeeRemeasuring } from './employee-remeasuring.js';
import { RosterImport } from './roster-import.js';
import { SurveyImport } from './survey-import.js';
import { SyncJournal } from './sync-journal.js';
import { SyncRepair } from './sync-repair.js';
import { SyncController } from './sync.controller.js';
import { SyncService } from './sync.service.js';
import { TableSync } from './table-sync.js';

/** Writes the tables, in order, and tells after each. */
@Module({
  controllers: [SyncController],
  providers: [
    SyncService,
    SyncJournal,
    SyncRepair,
    TableSync,
    SurveyImport,
    ResponseRemoval,
    ResponseSweep,
    PersonErasure,
    DepartmentWithdrawal,
    EmployeeRemeasuring,
    RosterImport,
    DepartmentRollUp,
    ImportPreview,
    DepartmentDirectory,
    EditedTables,
  ],
})
export class SyncModule {}
