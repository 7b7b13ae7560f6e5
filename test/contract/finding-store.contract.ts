import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROW_ERRORS, type ImportIssue } from '../../src/domain/csv/import-issue.js';
import { MAX_PART_FINDINGS } from '../../src/storage/ports/finding.store.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import type { OpenStorage } from '../support/storage/storage.js';

/** What a store of findings promises. */
export function findingStoreContract(open: OpenStorage): void {
  describe('a finding store', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    const finding = (line: number): ImportIssue => ({
      code: 'invalid_answer',
      message: ROW_ERRORS.invalid_answer,
      line,
      column: 'Q1',
      value: '=6 "Ü"',
    });

    async function read(uploadId: string): Promise<(readonly ImportIssue[])[]> {
      const parts: (readonly ImportIssue[])[] = [];
      for await (const part of storage.findings.read(uploadId)) parts.push(part);
      return parts;
    }

    it('has none of an upload that it does not know', async () => {
      expect(await read('none')).toEqual([]);
      await storage.findings.delete('none');
    });

    it('keeps parts by number, however they come, and replaces them', async () => {
      for (const part of [2, 0, 10, 1])
        await storage.findings.put('u1', part, [finding(part), finding(part)]);
      await storage.findings.put('u1', 2, [finding(20)]);
      expect(await read('u1')).toEqual([
        [finding(0), finding(0)],
        [finding(1), finding(1)],
        [finding(20)],
        [finding(10), finding(10)],
      ]);
    });

    it('keeps what a finding lacks absent', async () => {
      const bare: ImportIssue = { code: 'utf16', message: 'Save it.' };
      await storage.findings.put('bare', 0, [bare]);
      expect(await read('bare')).toEqual([[bare]]);
    });

    it('tells uploads apart whose ids begin alike', async () => {
      for (const id of ['v', 'v1', 'v;']) await storage.findings.put(id, 0, [finding(id.length)]);
      await storage.findings.delete('v');
      expect(await Promise.all(['v', 'v1', 'v;'].map(read))).toEqual([[], [[finding(2)]], [[finding(2)]]]);
    });

    it('takes the largest part there can be', async () => {
      const longest = '\u0001'.repeat(80);
      const message = Object.values(ROW_ERRORS).reduce((a, b) => (a.length > b.length ? a : b));
      const code = 'conflicting_duplicate';
      const part = Array.from({ length: MAX_PART_FINDINGS }, (_, n) => ({
        code,
        message,
        line: 100_000_000 + n,
        column: longest,
        value: longest,
      })) satisfies ImportIssue[];
      for (const number of [0, 1, 2]) await storage.findings.put('large', number, part);
      expect(await read('large')).toEqual([part, part, part]);
    });

    it('removes more parts than a batch, of that upload alone', async () => {
      for (let part = 0; part < 130; part += 1) await storage.findings.put('many', part, [finding(part)]);
      await storage.findings.put('other', 0, [finding(1)]);
      expect((await read('many')).map(([first]) => first?.line)).toEqual(
        Array.from({ length: 130 }, (_, n) => n),
      );
      await storage.findings.delete('many');
      await storage.findings.delete('many');
      expect([await read('many'), await read('other')]).toEqual([[], [[finding(1)]]]);
    });
  });
}
