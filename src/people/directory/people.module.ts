import { Module } from '@nestjs/common';
import { DepartmentsController } from './departments.controller.js';
import { JournaledEdit } from './journaled-edit.js';
import { EmployeesController } from './employees.controller.js';

/** Employees and departments over REST. */
@Module({ controllers: [EmployeesController, DepartmentsController], providers: [JournaledEdit] })
export class PeopleModule {}
