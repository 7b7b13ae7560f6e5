import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../../../src/domain/access/audit.js';
import { pageOf, SCANNED_PER_LIST } from '../../../../src/storage/ports/audit-page.js';
import { auditEntry } from '../../../support/app/audit-entries.js';

const entries = Array.from({ length: SCANNED_PER_LIST + 1_500 }, (_, n) =>
  auditEntry(1e12 - n, { subject: `s${n}` }),
);

/** Parts of the entries; tells how many were taken. */
function reading(): { parts: () => AsyncIterable<readonly AuditEntry[]>; taken: () => number } {
  let taken = 0;
  async function* parts(): AsyncIterable<readonly AuditEntry[]> {
    for (let start = 0; start < entries.length; start += 500) {
      taken += 500;
      yield await Promise.resolve(entries.slice(start, start + 500));
    }
  }
  return { parts, taken: () => taken };
}

describe('a page of the audit log', () => {
  it('that matches nothing ends after so many entries, and tells where to go on', async () => {
    const { parts, taken } = reading();
    const page = await pageOf(parts(), { limit: 5, matches: () => false });
    expect(page).toEqual({ items: [], next: entries[SCANNED_PER_LIST - 1]?.id });
    expect(taken()).toBe(SCANNED_PER_LIST);
  });

  it('keeps what it has found until then', async () => {
    const page = await pageOf(reading().parts(), { limit: 5, matches: ({ subject }) => subject === 's7' });
    expect(page).toEqual({ items: [entries[7]], next: entries[SCANNED_PER_LIST - 1]?.id });
  });

  it('takes no more than it needs', async () => {
    const { parts, taken } = reading();
    expect(await pageOf(parts(), { limit: 5 })).toEqual({ items: entries.slice(0, 5), next: entries[4]?.id });
    expect(taken()).toBe(500);
  });
});
