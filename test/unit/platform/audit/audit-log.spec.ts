import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AuditLog } from '../../../../src/platform/audit/audit-log.js';
import { Clock } from '../../../../src/lib/clock.js';
import { Metrics } from '../../../../src/platform/observability/metrics.js';
import { AuditStore } from '../../../../src/storage/ports/audit.store.js';
import { AUDIT_FACT } from '../../../support/app/audit-entries.js';

afterEach(() => {
  jest.restoreAllMocks();
});

/** A store that is away for good. */
class AbsentStore extends AuditStore {
  append = (): Promise<void> => Promise.reject(new Error('away'));
  list = (): Promise<never> => Promise.reject(new Error('away'));
  removeBefore = (): Promise<never> => Promise.reject(new Error('away'));
}

describe('an audit log whose store is away', () => {
  it('counts what it drops, and warns once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const metrics = new Metrics();
    const log = new AuditLog(new AbsentStore(), new Clock(), metrics);
    const dropped = async () => /^pulsewatch_audit_dropped_total (\d+)$/m.exec(await metrics.scrape())?.[1];
    for (let line = 0; line < 10_000; line += 1) log.note(AUDIT_FACT);
    expect(await dropped()).toBe('0');
    for (let line = 0; line < 50; line += 1) log.note(AUDIT_FACT);
    expect(await dropped()).toBe('50');
    await log.onApplicationShutdown();
    expect(await dropped()).toBe('10050');
    expect([warn.mock.calls.length, error.mock.calls.length]).toEqual([1, 1]);
  });
});
