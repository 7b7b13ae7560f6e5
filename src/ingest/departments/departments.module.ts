import { Global, Module } from '@nestjs/common';
import { CountedEmployees } from './tracked-employees.js';
import { KeptSums } from './materialized-totals.js';
import { OpenCounts } from './pending-deltas.js';

/** What the employees of each department add up to, kept while they change. */
@Global()
@Module({ providers: [CountedEmployees, KeptSums, OpenCounts], exports: [CountedEmployees, KeptSums] })
export class DepartmentSumsModule {}
