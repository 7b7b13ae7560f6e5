import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SurveyResponse } from '../../src/domain/survey-response.js';
import { EMPTY_REPORT, type UploadRecord } from '../../src/domain/upload.js';
import { StorageError } from '../../src/storage/storage-error.js';
import type { Storage } from '../../src/storage/storage.js';
import type { OpenStorage } from '../support/storage.js';

const response = (responseId: string, stress = 50): SurveyResponse => ({
  responseId,
  employeeId: '007',
  submissionDate: '2025-08-01',
  department: 'Sales',
  answers: { Q1_Recommend: 4, Q3: 1 },
  metrics: { dimensions: { ESG: 3.5 }, rates: { stress_rate: stress } },
  uploadId: 'u1',
});

const upload = (id: string): UploadRecord => ({
  id,
  acceptedAt: '2026-01-01T00:00:00.000Z',
  bytes: 10,
  options: { mode: 'partial', dryRun: false, dateFormat: 'ISO' },
  status: 'pending',
  stage: 'queued',
  progress: 0,
  message: 'waiting',
  report: EMPTY_REPORT,
});

/** What the stores of responses and uploads promise, and what all stores do when they cannot answer. */
export function smallStoresContract(open: OpenStorage): void {
  describe('a survey response store', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    it('keeps more than a batch, and replaces', async () => {
      const responses = Array.from({ length: 1_200 }, (_, n) => response(`r${n}`));
      await storage.responses.putMany(responses);
      await storage.responses.putMany([response('r7', 99), response('__proto__')]);
      for (const id of ['r0', 'r1199', '__proto__'])
        expect(await storage.responses.get(id)).toEqual(response(id));
      expect(await storage.responses.get('r7')).toEqual(response('r7', 99));
      expect(await storage.responses.get('none')).toBeUndefined();
      await storage.responses.putMany([]);
    });
  });

  describe('an upload store', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    it('keeps, replaces, pages newest first, and removes', async () => {
      const ids = ['a1', 'a2', 'a3', 'a4', 'a5'];
      for (const id of ids) await storage.uploads.put(upload(id));
      await storage.uploads.put({ ...upload('a3'), status: 'failed', code: 'not_utf8' });
      expect(await storage.uploads.get('a3')).toMatchObject({ status: 'failed', code: 'not_utf8' });
      expect(await storage.uploads.get('none')).toBeUndefined();
      const listed: string[] = [];
      let after: string | undefined;
      do {
        const page = await storage.uploads.list({ limit: 2, ...(after === undefined ? {} : { after }) });
        listed.push(...page.items.map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      expect(listed).toEqual(ids.toReversed());
      await storage.uploads.delete('a3');
      await storage.uploads.delete('a3');
      expect(await storage.uploads.get('a3')).toBeUndefined();
    });
  });

  describe('a storage that is gone', () => {
    it('answers "failed" and never "empty"', async () => {
      const storage = await open();
      await expect(storage.health.ping()).resolves.toBeUndefined();
      await storage.close();
      const scan = async () => {
        for await (const page of storage.employees.scan()) expect(page).toEqual([]);
      };
      const calls: (() => Promise<unknown>)[] = [
        () => storage.health.ping(),
        () => storage.employees.getMany(['E1']),
        () => storage.employees.mutate(['E1'], () => undefined),
        () => storage.employees.list({ limit: 1 }),
        () => storage.departments.delete('D1'),
        scan,
        () => storage.responses.get('r1'),
        () => storage.responses.putMany([response('r1')]),
        () => storage.alertLog.read(0, 1),
        () => storage.alertLog.readBackwards(9, 1),
        () => storage.alertLog.origin(1),
        () => storage.alertLog.loadCheckpoint(),
        () => storage.uploads.get('u1'),
        () => storage.uploads.list({ limit: 1 }),
      ];
      for (const call of calls) await expect(call()).rejects.toBeInstanceOf(StorageError);
    });
  });
}
