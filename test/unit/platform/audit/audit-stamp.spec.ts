import { describe, expect, it } from '@jest/globals';
import { AuditStamp } from '../../../../src/platform/audit/audit-log.js';
import { isAuditId } from '../../../../src/domain/access/audit.js';
import { AUDIT_FACT, auditEntry } from '../../../support/app/audit-entries.js';
import { SettableClock } from '../../../support/app/settable-clock.js';

describe('the stamp of the audit log', () => {
  it('sorts lines as they came, within a millisecond, and when the clock goes back', () => {
    const clock = new SettableClock(1e12);
    const stamp = new AuditStamp(() => clock.now());
    const entries = [0, 0, 0, 1, -5, 0, 4, 1].map((ms) => {
      clock.advance(ms);
      return stamp.entryOf(AUDIT_FACT);
    });
    const ids = entries.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(8);
    expect(ids.every(isAuditId)).toBe(true);
    const moments = [0, 0, 0, 1, 1, 1, 1, 1].map((ms) => new Date(1e12 + ms).toISOString());
    expect(entries.map(({ at }) => at)).toEqual(moments);
    for (const { id, at } of entries)
      expect(id.slice(0, 14)).toBe(auditEntry(Date.parse(at)).id.slice(0, 14));
  });
});
