import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { pipelined } from '../../lib/async-iterables.js';
import { TrackedEmployees } from '../departments/tracked-employees.js';
import { Config } from '../../config/config.js';
import {
  applySurvey,
  compareRecency,
  responseOrder,
  type Employee,
  type SurveyUpdate,
} from '../../domain/people/employee.js';
import { score } from '../../domain/surveys/scoring.js';
import type { SurveyResponse, SurveyRow } from '../../domain/surveys/survey-response.js';
import type { ImportReady } from '../csv/import-ready.js';
import type { EntityTable } from '../../storage/ports/entity.store.js';
import { SurveyResponseStore } from '../../storage/ports/survey-response.store.js';
import { ChangedKeyCollector, EmployeeWriter, type TableWrite } from './employee-writer.js';

export type SurveyImportReady = Extract<ImportReady, { kind: 'survey' }>;

/** Writes the rows of a survey, in one pass over the file per table, so that memory does not grow with the file. */
@Injectable()
export class SurveyImport {
  constructor(
    @Inject(SurveyResponseStore) private readonly responses: SurveyResponseStore,
    @Inject(TrackedEmployees) private readonly employees: EntityTable<Employee>,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Writes every response. Throws StorageError. */
  async writeResponses(ready: SurveyImportReady): Promise<TableWrite> {
    const changed = new ChangedKeyCollector();
    let count = 0;
    await pipelined(ready.batches(), async (batch) => {
      await this.responses.putMany(batch.map((row) => this.toResponse(row, ready)));
      for (const { responseId } of batch) changed.add(responseId);
      count += batch.length;
    });
    return { count, keys: changed.collected, divisions: new Set() };
  }

  /** Gives every employee in the file the scores of the newest response. Throws StorageError. */
  async writeEmployees(ready: SurveyImportReady): Promise<TableWrite> {
    const writer = new EmployeeWriter(this.employees);
    const now = this.clock.iso();
    await writer.changeInOrder(this.updatesOf(ready), (_, current, update) =>
      applySurvey(current, update, now),
    );
    return writer.written;
  }

  private toResponse(row: SurveyRow, { syncId, questionNames }: SurveyImportReady): SurveyResponse {
    const { responseId, employeeId, submissionDate, department, location } = row;
    const answers: Record<string, number> = {};
    for (const [number, name] of questionNames) {
      const answer = row.answers[number];
      if (answer !== undefined) answers[name] = answer;
    }
    return {
      responseId,
      employeeId,
      submissionDate,
      ...(department === undefined ? {} : { department }),
      ...(location === undefined ? {} : { location }),
      answers,
      metrics: score(row.answers, this.config.instrument),
      uploadId: syncId,
      row: row.row,
    };
  }

  /** The newest update of each employee in a batch, by employee id. */
  private async *updatesOf({ batches, syncId }: SurveyImportReady): AsyncIterable<Map<string, SurveyUpdate>> {
    for await (const batch of batches())
      yield newestPerEmployee(batch.map((row) => this.toUpdate(row, syncId)));
  }

  private toUpdate(row: SurveyRow, uploadId: string): SurveyUpdate {
    const { employeeId, submissionDate, department, location, name, position } = row;
    return {
      employeeId,
      submissionDate,
      order: responseOrder(uploadId, row.row),
      metrics: score(row.answers, this.config.instrument),
      attributes: {
        ...(department === undefined ? {} : { division: department }),
        ...(location === undefined ? {} : { location }),
        ...(name === undefined ? {} : { name }),
        ...(position === undefined ? {} : { position }),
      },
    };
  }
}

function newestPerEmployee(updates: readonly SurveyUpdate[]): Map<string, SurveyUpdate> {
  const newest = new Map<string, SurveyUpdate>();
  for (const update of updates) {
    const other = newest.get(update.employeeId);
    const recency = (of: SurveyUpdate) => ({ date: of.submissionDate, order: of.order });
    if (!other || compareRecency(recency(update), recency(other)) > 0) newest.set(update.employeeId, update);
  }
  return newest;
}
