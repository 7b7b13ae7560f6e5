import { Module } from '@nestjs/common';
import { SyncModule } from '../../ingest/sync/sync.module.js';
import { DepartmentsController } from './departments.controller.js';
import { JournaledEdit } from './journaled-edit.js';
import { EmployeesController } from './employees.controller.js';

/** Employees and departments over REST. */
@Module({
  imports: [SyncModule],
  controllers: [EmployeesController, DepartmentsController],
  providers: [JournaledEdit],
})
export class PeopleModule {}
