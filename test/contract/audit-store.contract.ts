import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../src/domain/access/audit.js';
import type { AuditQuery } from '../../src/storage/ports/audit.store.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { auditEntry } from '../support/app/audit-entries.js';
import type { OpenStorage } from '../support/storage/storage.js';

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const MIDNIGHT = Date.UTC(2026, 10, 22);
const never = new AbortController().signal;

/** What an audit log promises. */
export function auditStoreContract(open: OpenStorage): void {
  describe('an audit store', () => {
    let storage: Storage;
    beforeEach(async () => {
      storage = await open();
    });
    afterEach(() => storage.close());

    /** Every page of a listing. */
    async function pages(query: AuditQuery): Promise<(readonly AuditEntry[])[]> {
      const found: (readonly AuditEntry[])[] = [];
      let after: string | undefined;
      do {
        const page = await storage.audit.list({ ...query, ...(after === undefined ? {} : { after }) });
        found.push(page.items);
        after = page.next;
      } while (after !== undefined);
      return found;
    }
    const all = async (query: Partial<AuditQuery> = {}) => (await pages({ limit: 500, ...query })).flat();

    it('is empty at first', async () => {
      expect(await storage.audit.list({ limit: 50 })).toEqual({ items: [] });
      await storage.audit.append([]);
      await storage.audit.removeBefore(NOON, never);
      expect(await storage.audit.list({ limit: 50 })).toEqual({ items: [] });
    });

    it('keeps lines as they are', async () => {
      const entries = [
        auditEntry(NOON, {
          subject: null,
          role: null,
          outcome: 'refused',
          code: 'unauthenticated',
          count: 7,
        }),
        auditEntry(NOON + 1, { subject: '__proto__', target: 'employees/Zoë "7"\n' }),
      ];
      await storage.audit.append(entries);
      expect(await all()).toEqual(entries.toReversed());
    });

    it('lists what was appended in any order newest first, over quiet days and busy ones, in pages', async () => {
      const moments = [NOON - 200 * DAY, MIDNIGHT - 1, MIDNIGHT, NOON, NOON, NOON + DAY];
      const entries = moments.map((moment, order) => auditEntry(moment, {}, order));
      const [first, ...rest] = entries;
      await storage.audit.append(rest.toReversed());
      if (first) await storage.audit.append([first]);
      for (const limit of [1, 2, 4, 6, 500]) {
        const found = await pages({ limit });
        expect(found.flat()).toEqual(entries.toReversed());
        expect(found.map(({ length }) => length)).toEqual(
          Array.from({ length: Math.ceil(6 / limit) }, (_, n) => Math.min(limit, 6 - n * limit)),
        );
      }
    });

    it('keeps more than a batch, and lists what matches alone', async () => {
      const entries = Array.from({ length: 1_100 }, (_, order) =>
        auditEntry(NOON + order, { subject: order % 11 === 0 ? 'eve' : 'ada' }),
      );
      await storage.audit.append(entries);
      expect(await all()).toEqual(entries.toReversed());
      const eves = entries.filter(({ subject }) => subject === 'eve').toReversed();
      const found = await pages({ limit: 40, matches: ({ subject }) => subject === 'eve' });
      expect(found).toEqual([eves.slice(0, 40), eves.slice(40, 80), eves.slice(80)]);
    });

    it('lists what is between two moments, the first of them included', async () => {
      const moments = [MIDNIGHT - 1, MIDNIGHT, NOON, NOON + 1, NOON + DAY];
      const entries = moments.map((moment) => auditEntry(moment));
      await storage.audit.append(entries);
      const newest = entries.toReversed();
      expect(await all({ since: MIDNIGHT })).toEqual(newest.slice(0, 4));
      expect(await all({ until: MIDNIGHT })).toEqual(newest.slice(4));
      expect(await all({ since: NOON, until: NOON + 1 })).toEqual([entries[2]]);
      expect(await all({ since: NOON, until: NOON })).toEqual([]);
      expect(await all({ since: NOON + 2 * DAY })).toEqual([]);
      expect(await pages({ limit: 1, since: MIDNIGHT, until: NOON + DAY })).toEqual([
        [entries[3]],
        [entries[2]],
        [entries[1]],
      ]);
      const after = entries[0]?.id ?? '';
      expect(await storage.audit.list({ limit: 1, since: NOON, after })).toEqual({ items: [] });
    });

    it('goes on past what came meanwhile', async () => {
      const [old, middle, young] = [auditEntry(NOON), auditEntry(NOON + 1), auditEntry(NOON + 2)];
      await storage.audit.append([old, middle]);
      const { next = '' } = await storage.audit.list({ limit: 1 });
      await storage.audit.append([young]);
      expect(await storage.audit.list({ limit: 1, after: next })).toEqual({ items: [old] });
    });

    it('takes an append that is repeated for what it is', async () => {
      const entries = [auditEntry(NOON), auditEntry(NOON + 1)];
      await storage.audit.append(entries);
      await storage.audit.append(entries);
      expect(await all()).toEqual(entries.toReversed());
    });

    it('removes what is older than a moment, however much that is, and nothing else', async () => {
      const old = [NOON - 90 * DAY, MIDNIGHT - 1, ...Array.from({ length: 520 }, (_, n) => MIDNIGHT + n)];
      const young = [NOON, NOON + 1, NOON + DAY].map((moment) => auditEntry(moment));
      await storage.audit.append([...old.map((moment) => auditEntry(moment)), ...young]);
      await expect(storage.audit.removeBefore(NOON, AbortSignal.abort())).rejects.toThrow();
      expect(await all()).toHaveLength(525);
      await storage.audit.removeBefore(NOON, never);
      expect(await all()).toEqual(young.toReversed());
      await storage.audit.removeBefore(NOON, never);
      const back = auditEntry(MIDNIGHT - 2);
      await storage.audit.append([back]);
      expect(await all()).toEqual([...young.toReversed(), back]);
    });
  });
}
