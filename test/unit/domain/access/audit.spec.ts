import { describe, expect, it } from '@jest/globals';
import {
  AUDIT_ACTIONS,
  auditDayOf,
  auditIdsFrom,
  auditMatcher,
  isAuditId,
  isChange,
} from '../../../../src/domain/access/audit.js';
import { auditEntry } from '../../../support/app/audit-entries.js';

const NOON = Date.UTC(2026, 10, 22, 12);

describe('the ids of the audit log', () => {
  it.each([0, 1, NOON, 2 ** 47])('sort by moment: %d', (moment) => {
    const ids = [moment - 1, moment, moment + 1].map((time) => auditEntry(Math.max(0, time), {}, 3).id);
    const from = auditIdsFrom(moment);
    expect(ids.filter((id) => id >= from)).toEqual(ids.slice(moment === 0 ? 0 : 1));
    expect(ids.includes(from)).toBe(false);
  });

  it('tell their day', () => {
    expect(auditDayOf(auditEntry(NOON).id)).toBe('2026-11-22');
    expect(auditDayOf(auditEntry(Date.UTC(2026, 10, 23) - 1).id)).toBe('2026-11-22');
    expect(auditDayOf(auditIdsFrom(Date.UTC(2026, 10, 23)))).toBe('2026-11-23');
  });

  it('are told from other texts', () => {
    expect(isAuditId(auditEntry(NOON).id)).toBe(true);
    for (const text of ['', 'E1', auditIdsFrom(NOON), auditEntry(NOON).id.replace('-7', '-4')])
      expect(isAuditId(text)).toBe(false);
  });
});

describe('a filter of the audit log', () => {
  it('accepts a target and what is below it, and no other that begins alike', () => {
    const matches = auditMatcher({ target: 'employees/E1' });
    const targets = ['employees', 'employees/E1', 'employees/E1/x', 'employees/E12'];
    expect(targets.filter((target) => matches(auditEntry(NOON, { target })))).toEqual(targets.slice(1, 3));
  });
});

describe('what changes something', () => {
  it('is no reading, no connecting and no refusal', () => {
    expect(AUDIT_ACTIONS.filter((action) => !isChange(action))).toEqual([
      'alerts.connect',
      'alerts.read',
      'audit.read',
      'employees.read',
      'uploads.read_errors',
      'requests.other',
      'requests.more',
    ]);
  });
});
