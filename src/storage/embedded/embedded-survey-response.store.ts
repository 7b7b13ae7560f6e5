import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SurveyResponse } from '../../domain/surveys/survey-response.js';
import { SurveyResponseStore } from '../ports/survey-response.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Responses written in one transaction: about 10 ms of work, then one wait for the disk. */
const BATCH = 1_000;
/** Responses read before others get a turn. */
const PAGE = 500;

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

  async *scan(): AsyncIterable<readonly SurveyResponse[]> {
    for (let after: string | undefined; ;) {
      const range = after === undefined ? {} : { start: after, exclusiveStart: true };
      const page = await this.database.read('read survey responses', () =>
        this.table.range({ ...range, limit: PAGE }),
      );
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      if (page.length < PAGE) return;
      after = last.responseId;
      await nextTurn();
    }
  }

  async deleteMany(responseIds: readonly string[]): Promise<void> {
    for (let start = 0; start < responseIds.length; start += BATCH) {
      await this.database.transaction('delete survey responses', () => {
        for (const id of responseIds.slice(start, start + BATCH)) this.table.remove(id);
      });
    }
  }
}
