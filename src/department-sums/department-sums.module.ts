import { Global, Module } from '@nestjs/common';
import { CountedEmployees } from './counted-employees.js';
import { KeptSums } from './kept-sums.js';
import { OpenCounts } from './open-counts.js';

/** What the employees of each department add up to, kept while they change. */
@Global()
@Module({ providers: [CountedEmployees, KeptSums, OpenCounts], exports: [CountedEmployees, KeptSums] })
export class DepartmentSumsModule {}
