import { describe, expect, it } from '@jest/globals';
import type { ClearReason } from '../../../../src/domain/alerts/alert.js';
import { countOf } from '../../../../src/domain/notifications/notification.js';
import {
  departmentFacts,
  moreDepartments,
  moreEvents,
} from '../../../../src/domain/notifications/notification-text.js';
import { statusOf, wordingOf } from '../../../../src/domain/notifications/notification-text.js';
import {
  departmentNamed,
  fiveThousand,
  hostileText,
  personNamed,
  told,
} from '../../../support/generators/chat-notifications.js';
import {
  DEPARTMENT_CLEARED,
  DEPARTMENT_RAISED,
  STRESS_CLEARED,
  STRESS_RAISED,
  notificationOf,
} from '../../../support/generators/notifications.js';
import { Random } from '../../../support/generators/random.js';

const thin = (...events: Parameters<typeof told>[0]) => wordingOf(told(events), 'thin');
const full = (...events: Parameters<typeof told>[0]) => wordingOf(told(events), 'full');

describe('the words for one event', () => {
  it('tell of a person as much as is wanted', () => {
    expect(thin(STRESS_RAISED)).toEqual({
      tone: 'warning',
      title: 'Employee under stress in Sales',
      lines: ['Sales: an employee is under stress'],
      departments: [],
    });
    expect(full(STRESS_RAISED).title).toBe('Employee under stress in Sales');
    expect(full(STRESS_RAISED).lines).toEqual(['Mai Trần (E0042, Account Manager), Sales: stress 68.8']);
  });

  it('tell of a department as much as is wanted', () => {
    expect(thin(DEPARTMENT_RAISED)).toMatchObject({
      tone: 'critical',
      title: 'Sales is critical',
      lines: ['Sales: critical'],
    });
    expect(full(DEPARTMENT_RAISED).lines).toEqual(['Sales: critical, engagement 41.25']);
  });

  it('tell what is over, and why', () => {
    expect(thin(STRESS_CLEARED)).toMatchObject({
      tone: 'resolved',
      title: 'Resolved: employee under stress in Sales',
      lines: ['Resolved: employee under stress, Sales (recovered)'],
    });
    expect(full(STRESS_CLEARED).lines).toEqual(['Resolved: E0042, employee under stress, Sales (recovered)']);
    expect(full(DEPARTMENT_CLEARED)).toMatchObject({
      title: 'Resolved: Sales is critical',
      lines: ['Resolved: critical department, Sales (reset by an operator)'],
    });
    const because = (reason: ClearReason) => thin({ ...STRESS_CLEARED, reason }).lines[0];
    expect(because('deleted')).toContain('(no longer in the data)');
    expect(because('rule_changed')).toContain('(the rule has changed)');
  });

  it('leave a name as it is written', () => {
    expect(thin(departmentNamed('eNPS')).title).toBe('eNPS is critical');
  });
});

describe('the words for several', () => {
  it('count, and name departments', () => {
    const events = [STRESS_RAISED, STRESS_RAISED, DEPARTMENT_RAISED, STRESS_CLEARED];
    expect(thin(...events)).toMatchObject({
      tone: 'critical',
      title: '1 critical department, 2 employees under stress; resolved: 1 employee under stress',
      departments: ['Sales: 3 raised, 1 resolved'],
    });
    expect(thin(...events).lines).toEqual(['Sales: critical']);
    expect(full(...events).lines).toHaveLength(4);
    expect([thin(...events).more, full(...events).more]).toEqual([undefined, undefined]);
  });

  it('say how much they leave out', () => {
    expect(wordingOf(fiveThousand(), 'thin').lines).toEqual(['Team 3: critical']);
    const { title, lines, more, departments } = wordingOf(fiveThousand(), 'full');
    expect(title).toBe('1 critical department, 4999 employees under stress');
    expect(lines).toHaveLength(10);
    expect(more).toBe('4990 more are not listed here.');
    expect(departments).toHaveLength(11);
    expect(departments.at(-1)).toBe('and 2 more departments');
    expect([moreEvents(0), moreEvents(1)]).toEqual([undefined, '1 more is not listed here.']);
    expect([moreDepartments(0), moreDepartments(1)]).toEqual([undefined, 'and 1 more department']);
  });

  it('are the facts of a table too', () => {
    expect(departmentFacts(told([STRESS_RAISED, STRESS_CLEARED]))).toEqual([
      { department: 'Sales', counts: '1 raised, 1 resolved' },
    ]);
    expect(departmentFacts(told([STRESS_RAISED]))).toEqual([]);
  });
});

describe('the status', () => {
  it.each([
    ['Raised', told([STRESS_RAISED])],
    ['Resolved', told([DEPARTMENT_CLEARED])],
    ['Raised and resolved', told([DEPARTMENT_RAISED, STRESS_CLEARED])],
    ['Still firing', told([STRESS_RAISED], 'reminder')],
    ['Test', notificationOf([], { kind: 'test' })],
  ])('is %s', (status, notification) => {
    expect(statusOf(notification)).toBe(status);
  });

  it('of a reminder is in its title too', () => {
    expect(wordingOf(told([STRESS_RAISED], 'reminder'), 'thin').title).toBe(
      'Still: Employee under stress in Sales',
    );
    expect(wordingOf(told([STRESS_RAISED, STRESS_RAISED], 'reminder'), 'thin').title).toBe(
      'Still: 2 employees under stress',
    );
  });
});

it('says of a test that it is one', () => {
  const test = notificationOf([], { kind: 'test' });
  expect(countOf(test)).toBe(0);
  expect(wordingOf(test, 'full')).toEqual({
    tone: 'info',
    title: 'Test message of Pulsewatch',
    lines: ['This channel works. Nothing has happened.'],
    departments: [],
  });
});

describe('names from data', () => {
  const random = new Random(Date.now());

  it(`are of one line, can be seen, and leave the other words in sight (seed ${random.seed})`, () => {
    for (let round = 0; round < 1_000; round += 1) {
      const name = hostileText(random).repeat(random.pick([1, 1, 500]));
      const { title, lines, departments } = full(personNamed(name), personNamed(name), departmentNamed(name));
      for (const text of [title, ...lines, ...departments]) {
        expect(text).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]|\p{Bidi_Control}/u);
        expect(Array.from(text).length).toBeLessThanOrEqual(450);
      }
      expect(lines[0]).toMatch(/: stress 68\.8$/);
      expect(departments[0]).toMatch(/: 3 raised$/);
    }
  });

  it('are not left empty', () => {
    expect(full(personNamed('\u202e\n')).lines).toEqual(['Unknown (Unknown, Unknown), Unknown: stress 68.8']);
  });
});
