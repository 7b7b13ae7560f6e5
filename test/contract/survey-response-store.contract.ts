import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SurveyResponse } from '../../src/domain/surveys/survey-response.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { surveyResponse } from '../support/storage/storage-calls.js';
import type { OpenStorage } from '../support/storage/storage.js';

/** What a store of survey responses promises about reading all of them and removing some. */
export function surveyResponseStoreContract(open: OpenStorage): void {
  describe('a survey response store, as a whole', () => {
    let storage: Storage;
    const all = Array.from({ length: 2_300 }, (_, n) => ({
      ...surveyResponse(`r${n}`, n % 101),
      row: n + 1,
    }));
    beforeAll(async () => {
      storage = await open();
      await storage.responses.putMany(all);
    });
    afterAll(() => storage.close());

    async function scanned(): Promise<Map<string, SurveyResponse>> {
      const found: SurveyResponse[] = [];
      for await (const page of storage.responses.scan()) {
        expect(page.length).toBeGreaterThan(0);
        expect(page.length).toBeLessThanOrEqual(1_000);
        found.push(...page);
      }
      const byId = new Map(found.map((response) => [response.responseId, response]));
      expect(found).toHaveLength(byId.size);
      return byId;
    }

    it('gives each response once', async () => {
      expect(await scanned()).toEqual(new Map(all.map((response) => [response.responseId, response])));
    });

    it('removes those that are named, whether they are there or not', async () => {
      const gone = all.slice(0, 1_050).map(({ responseId }) => responseId);
      await storage.responses.deleteMany([...gone, 'none']);
      await storage.responses.deleteMany([]);
      expect([...(await scanned()).keys()].sort()).toEqual(
        all
          .slice(1_050)
          .map(({ responseId }) => responseId)
          .sort(),
      );
      expect(await storage.responses.get('r0')).toBeUndefined();
    });

    it('is empty at first', async () => {
      const other = await open();
      for await (const page of other.responses.scan()) expect(page).toEqual([]);
      await other.close();
    });
  });
}
