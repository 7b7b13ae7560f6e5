import { failpoint } from '../../lib/failpoints.js';
import type { ImportReady } from '../csv/import-ready.js';
import type { TableWrite } from './employee-writer.js';
import type { RosterImport } from './roster-import.js';
import type { SurveyImport } from './survey-import.js';
import type { TableSteps } from './table-announcer.js';

/** The classes that write the tables of an import: the real tables, or the overlays of a dry run. */
export interface ImportWriters {
  readonly surveys: SurveyImport;
  readonly rosters: RosterImport;
  readonly tables: TableSteps;
  /** False for a dry run: no decision depends on responses, and writing them takes a pass over the file. */
  readonly writesResponses: boolean;
}

/**
 * Writes the rows of a file in the order of the contract: Survey_Response, Employees, Departments, with a step of
 * `tables` after each. `isRepeated`: an attempt before this one broke off. Returns the number of rows written.
 */
export async function importRows(
  { surveys, rosters, tables, writesResponses }: ImportWriters,
  ready: ImportReady,
  isRepeated: boolean,
): Promise<number> {
  const { syncId } = ready;
  /**
   * An attempt that broke off may have moved employees, whose old departments are no longer in their rows, and may have
   * written what this attempt finds unchanged.
   */
  const afterEmployees = async ({ count, keys, divisions }: TableWrite): Promise<void> => {
    failpoint('sync.employees_written');
    await tables.announce(syncId, 'Employees', { count, keys: isRepeated ? 'many' : keys });
    await tables.syncDepartments(syncId, isRepeated ? 'all' : divisions);
  };
  switch (ready.kind) {
    case 'survey': {
      let rowsWritten = 0;
      if (writesResponses) {
        const responses = await surveys.writeResponses(ready);
        failpoint('sync.responses_written');
        await tables.announce(syncId, 'Survey_Response', responses);
        rowsWritten = responses.count;
      }
      await afterEmployees(await surveys.writeEmployees(ready));
      return rowsWritten;
    }
    case 'employees': {
      const employees = await rosters.writeEmployees(ready.batches());
      await afterEmployees(employees);
      return employees.count;
    }
    case 'departments': {
      const { count, keys, divisions } = await rosters.writeDepartments(ready.batches());
      await tables.syncDepartments(syncId, isRepeated ? 'all' : divisions, keys);
      return count;
    }
  }
}
