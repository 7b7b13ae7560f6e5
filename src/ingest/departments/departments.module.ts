import { Global, Module } from '@nestjs/common';
import { TrackedEmployees } from './tracked-employees.js';
import { MaterializedTotals } from './materialized-totals.js';
import { PendingDeltas } from './pending-deltas.js';

/** What the employees of each department add up to, kept while they change. */
@Global()
@Module({
  providers: [TrackedEmployees, MaterializedTotals, PendingDeltas],
  exports: [TrackedEmployees, MaterializedTotals],
})
export class DepartmentsModule {}
