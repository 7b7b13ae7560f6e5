import { Global, Module } from '@nestjs/common';
import { TrackedEmployees } from './tracked-employees.js';
import { MaterializedTotals } from './materialized-totals.js';
import { PendingDeltas } from './pending-deltas.js';

/** The totals of each department, kept up to date while employees change. */
@Global()
@Module({
  providers: [TrackedEmployees, MaterializedTotals, PendingDeltas],
  exports: [TrackedEmployees, MaterializedTotals],
})
export class DepartmentsModule {}
