import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { erasedAlerts } from '../../src/domain/privacy/erasure.js';
import type { RaisedEvent } from '../../src/domain/alerts/alert.js';
import type { LogEvent } from '../../src/domain/alerts/log-event.js';
import type { AlertLogStore, Checkpoint } from '../../src/storage/ports/alert-log.store.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { acknowledgedEvent, silenceEnded, silenceSet } from '../support/app/log-decisions.js';
import { raisedEvent } from '../support/storage/storage-entities.js';
import type { OpenStorage } from '../support/storage/storage.js';

const AT = 1_700_000_000_000;

function stressed(id: number, entityId: string): RaisedEvent {
  const rates = { stress_rate: 80, engagement_rate: 20, attrition_rate: null };
  const who = { employee_id: entityId, employee_name: 'Ada', department: 'Sales', position: 'Rep' };
  const data = { ...who, ...rates };
  return {
    kind: 'raised',
    alert: 'employee_stress',
    entityId,
    department: 'Sales',
    at: AT,
    threshold: 40,
    data,
    id,
  };
}

/** What every alert log promises of acknowledgements and silences: they are kept, and changed, like alerts. */
export function alertLogStandingContract(open: OpenStorage): void {
  describe('an alert log store with acknowledgements and silences', () => {
    let storage: Storage;
    let log: AlertLogStore;
    const employee = stressed(1, 'E1');
    const seen = acknowledgedEvent(3, employee, { comment: 'I talk to Ada. „Grüße“' });
    const silence = {
      ...silenceSet('S1', AT, { matcher: { employeeIds: ['E1', 'E2'], departments: ['Säles'] } }),
      id: 5,
    };
    const everything = { ...silenceSet('S2', AT, { matcher: {} }), id: 6 };
    const events: readonly LogEvent[] = [
      employee,
      raisedEvent(2),
      seen,
      acknowledgedEvent(4, raisedEvent(2)),
      silence,
      everything,
      { ...silenceEnded('S2', AT), id: 7 },
    ];
    const checkpoint: Checkpoint = {
      head: 7,
      active: [employee, raisedEvent(2), seen, acknowledgedEvent(4, raisedEvent(2)), silence],
    };
    const named = async () =>
      JSON.stringify([await log.read(0, 100), await log.loadCheckpoint()]).match(/"E1"|Ada/g) ?? [];

    beforeEach(async () => {
      storage = await open();
      log = storage.alertLog;
    });
    afterEach(() => storage.close());

    it('gives them back as they were, in one record and in many', async () => {
      const [first, ...rest] = events;
      if (!first) throw new Error('There are events');
      await log.append({ first: 1, events: [first] });
      await log.append({ first: 2, events: rest });
      expect((await log.read(0, 10)).flatMap((record) => record.events)).toEqual(events);
      expect((await log.readBackwards(8, 10)).map((record) => record.first)).toEqual([2, 1]);
    });

    it('keeps those that still count in a checkpoint, in their order, in whichever of its parts', async () => {
      const many = Array.from({ length: 1_200 }, (_, n) => [
        raisedEvent(10 + 2 * n),
        acknowledgedEvent(11 + 2 * n, raisedEvent(10 + 2 * n), { comment: `€ ${n}` }),
      ]).flat();
      const large = { head: 3_000, active: [...checkpoint.active, ...many] };
      await log.saveCheckpoint(large);
      expect(await log.loadCheckpoint()).toEqual(large);
    });

    it('takes a checkpoint of raises alone, as it was before there was anything else', async () => {
      const old = { head: 7, active: [employee, raisedEvent(2)] };
      await log.saveCheckpoint(old);
      expect(await log.loadCheckpoint()).toEqual(old);
      await log.saveCheckpoint({ ...checkpoint, head: 8 });
      expect(await log.loadCheckpoint()).toEqual({ ...checkpoint, head: 8 });
    });

    it.each(['erase', 'anonymise'] as const)('names an employee nowhere after: %s', async (mode) => {
      await log.append({ first: 1, events });
      await log.saveCheckpoint(checkpoint);
      expect(await named()).not.toEqual([]);
      const change = erasedAlerts({ employeeId: 'E1', mode, pseudonym: 'nobody' });
      expect(await log.rewrite(change, 0)).toBe(3);
      expect(await named()).toEqual([]);
      const { comment: _, ...wordless } = seen;
      const after = [
        { ...wordless, entityId: 'nobody' },
        {
          ...silence,
          matcher: { employeeIds: ['nobody', 'E2'], departments: ['Säles'] },
          reason: 'Erased',
        },
      ];
      const [record] = await log.read(0, 1);
      expect([record?.events[2], record?.events[4]]).toEqual(after);
      expect(record?.events[3]).toEqual(acknowledgedEvent(4, raisedEvent(2)));
      expect(record?.events.slice(5)).toEqual(events.slice(5));
      const kept = await log.loadCheckpoint();
      expect([kept?.active[2], kept?.active[4]]).toEqual(after);
      expect(await log.rewrite(change, 0)).toBe(0);
    });
  });
}
