import { v7 as uuid } from 'uuid';
import type { AuditEntry, AuditFact } from '../../../src/domain/access/audit.js';

/** Somebody reads something. */
export const AUDIT_FACT: AuditFact = {
  subject: 'ada',
  role: 'hr',
  action: 'employees.read',
  target: 'employees/E1',
  outcome: 'allowed',
  address: '203.0.113.9',
};

/** A line of the audit log from a moment; `order` tells lines of one moment apart. */
export function auditEntry(moment: number, fact: Partial<AuditFact> = {}, order = 0): AuditEntry {
  return {
    id: uuid({ msecs: moment, seq: order }),
    at: new Date(moment).toISOString(),
    ...AUDIT_FACT,
    ...fact,
  };
}
