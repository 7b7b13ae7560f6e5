import { describe, expect, it } from '@jest/globals';
import { AuditBuffer } from '../../../../src/platform/audit/audit-buffer.js';
import type { AuditEntry } from '../../../../src/domain/access/audit.js';
import { auditEntry } from '../../../support/app/audit-entries.js';
import { eventually } from '../../../support/app/eventually.js';

const entries = Array.from({ length: 12 }, (_, n) => auditEntry(1e12 + n));

/** A buffer of five before a store that keeps nothing until it is told what to do with each append. */
function setUp(retryMs = 0) {
  const kept: AuditEntry[][] = [];
  const asked: (() => void)[] = [];
  const told = { dropped: 0, failures: 0, isBroken: false };
  const append = async (batch: readonly AuditEntry[]): Promise<void> => {
    await new Promise<void>((resolve) => asked.push(resolve));
    if (told.isBroken) throw new Error('broken');
    kept.push([...batch]);
  };
  const buffer = new AuditBuffer(
    append,
    { capacity: 5, batch: 3, retryMs },
    {
      dropped: (count) => (told.dropped += count),
      failed: () => (told.failures += 1),
    },
  );
  const add = (from: number, to: number) => entries.slice(from, to).forEach((entry) => buffer.add(entry));
  /** Lets the appends up to the nth happen. */
  const answer = async (nth: number): Promise<void> => {
    await eventually(
      () => Promise.resolve(asked.length),
      (count) => count >= nth,
    );
    asked.forEach((resolve) => resolve());
  };
  return { buffer, kept, told, add, answer, asked };
}

describe('the buffer of the audit log', () => {
  it('keeps in order and in batches what gathers while it writes', async () => {
    const { buffer, kept, add, answer } = setUp();
    add(0, 1);
    add(1, 5);
    await answer(1);
    await answer(2);
    await answer(3);
    await buffer.close();
    expect(kept).toEqual([entries.slice(0, 1), entries.slice(1, 4), entries.slice(4, 5)]);
  });

  it('drops what comes when it is full, and tells each', async () => {
    const { buffer, kept, told, add, answer } = setUp();
    add(0, 7);
    expect(told.dropped).toBe(2);
    await answer(1);
    await answer(2);
    await answer(3);
    await buffer.close();
    expect(kept.flat()).toEqual(entries.slice(0, 5));
    expect(told.dropped).toBe(2);
  });

  it('tries again what could not be kept, and tells of the first failure in a row', async () => {
    const { buffer, kept, told, add, answer } = setUp();
    told.isBroken = true;
    add(0, 2);
    await answer(1);
    await answer(2);
    await answer(3);
    expect([told.failures, kept]).toEqual([1, []]);
    told.isBroken = false;
    await answer(4);
    await eventually(
      () => Promise.resolve(kept.length),
      (count) => count > 0,
    );
    told.isBroken = true;
    add(2, 3);
    await answer(5);
    await eventually(
      () => Promise.resolve(told.failures),
      (count) => count > 1,
    );
    told.isBroken = false;
    await answer(6);
    await buffer.close();
    expect([kept.flat(), told]).toEqual([entries.slice(0, 3), { dropped: 0, failures: 2, isBroken: false }]);
  });

  it('keeps what waits when it is closed, without waiting for the next attempt', async () => {
    const { buffer, kept, told, add, answer } = setUp(3_600_000);
    told.isBroken = true;
    add(0, 2);
    await answer(1);
    await eventually(
      () => Promise.resolve(told.failures),
      (count) => count > 0,
    );
    told.isBroken = false;
    const closed = buffer.close();
    await answer(2);
    await closed;
    expect([kept.flat(), told.dropped]).toEqual([entries.slice(0, 2), 0]);
  });

  it('drops what cannot be kept even then, and what comes later', async () => {
    const { buffer, kept, told, add, answer } = setUp();
    told.isBroken = true;
    add(0, 4);
    const closed = buffer.close();
    await answer(1);
    await closed;
    add(4, 5);
    expect([kept, told.dropped]).toEqual([[], 5]);
  });
});
