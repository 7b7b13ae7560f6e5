import type { SurveyResponse } from '../../domain/survey-response.js';
import { SurveyResponseStore } from '../survey-response.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Responses written in one transaction: about 10 ms of work, then one wait for the disk. */
const BATCH = 1_000;

/** Survey responses in the embedded store. */
export class EmbeddedSurveyResponseStore extends SurveyResponseStore {
  private readonly table: Table<SurveyResponse>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('survey_responses');
  }

  async putMany(responses: readonly SurveyResponse[]): Promise<void> {
    for (let start = 0; start < responses.length; start += BATCH) {
      await this.database.transaction('write survey responses', () => {
        for (const response of responses.slice(start, start + BATCH))
          this.table.put(response.responseId, response);
      });
    }
  }

  get(responseId: string): Promise<SurveyResponse | undefined> {
    return this.database.read('read survey responses', () => this.table.get(responseId));
  }
}
