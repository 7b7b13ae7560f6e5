import type { SurveyResponse } from '../../domain/surveys/survey-response.js';

/** The `Survey_Response` table, by response id. Throws StorageError when the store cannot answer. */
export abstract class SurveyResponseStore {
  /**
   * Writes responses, replacing those with the same id; the ids within one call must be distinct. Resolves once all are
   * durable. Not atomic over several; idempotent.
   */
  abstract putMany(responses: readonly SurveyResponse[]): Promise<void>;

  /** One response, or undefined when there is none. Sees every put acknowledged before. */
  abstract get(responseId: string): Promise<SurveyResponse | undefined>;

  /**
   * Every response, in pages small enough to hold (at most about 1,000 items), in no particular order. Those written
   * meanwhile may or may not appear; one that exists throughout appears exactly once. Yields to the event loop.
   */
  abstract scan(): AsyncIterable<readonly SurveyResponse[]>;

  /** Removes responses by distinct ids; absent ones are skipped. Not atomic over several; idempotent. */
  abstract deleteMany(responseIds: readonly string[]): Promise<void>;
}
