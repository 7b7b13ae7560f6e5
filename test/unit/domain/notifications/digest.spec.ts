import { describe, expect, it } from '@jest/globals';
import { DigestTally, type NotifiableEvent } from '../../../../src/domain/notifications/notification.js';
import { departmentNamed } from '../../../support/generators/chat-notifications.js';
import {
  DEPARTMENT_CLEARED,
  STRESS_CLEARED,
  STRESS_RAISED,
} from '../../../support/generators/notifications.js';

function tallyOf(events: readonly NotifiableEvent[]): DigestTally {
  const tally = new DigestTally();
  for (const event of events) tally.add(event);
  return tally;
}

function stressed(id: number, stress_rate: number, department = 'Sales'): NotifiableEvent {
  if (STRESS_RAISED.alert !== 'employee_stress') throw new Error('not a person');
  return { ...STRESS_RAISED, id, department, data: { ...STRESS_RAISED.data, department, stress_rate } };
}

describe('a digest', () => {
  it('counts what was raised and cleared, by type and department', () => {
    const { digest } = tallyOf([
      stressed(1, 50),
      stressed(2, 50, 'Legal'),
      departmentNamed('Legal'),
      STRESS_CLEARED,
      DEPARTMENT_CLEARED,
    ]);
    expect(digest).toEqual({
      raised: { employee_stress: 2, department_critical: 1 },
      cleared: { employee_stress: 1, department_critical: 1 },
      departments: [
        { department: 'Sales', raised: 1, cleared: 2 },
        { department: 'Legal', raised: 2, cleared: 0 },
      ],
      moreDepartments: 0,
    });
  });

  it('names ten departments, those with most first, and counts the others', () => {
    const events = Array.from({ length: 12 }, (_, n) =>
      Array.from({ length: n + 1 }, (__, id) => stressed(id, 50, `Team ${n}`)),
    ).flat();
    const { departments, moreDepartments } = tallyOf(events).digest;
    expect(departments.map(({ department }) => department)).toEqual(
      Array.from({ length: 10 }, (_, n) => `Team ${11 - n}`),
    );
    expect(moreDepartments).toBe(2);
  });
});

describe('the events that a message names', () => {
  const ids = (events: readonly NotifiableEvent[]) => tallyOf(events).named.map(({ id }) => id);

  it('are all of ten, in the order of the log', () => {
    const few = Array.from({ length: 10 }, (_, n) => stressed(n, n));
    expect(ids(few)).toEqual(few.map(({ id }) => id));
  });

  it('are the ten most serious of more: departments, then by stress, the earlier of equals, clears last', () => {
    const people = Array.from({ length: 20 }, (_, n) => stressed(n, n < 10 ? 60 : 80));
    const events = [STRESS_CLEARED, ...people, { ...departmentNamed('Legal'), id: 99 }];
    expect(ids(events)).toEqual([99, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
  });
});
