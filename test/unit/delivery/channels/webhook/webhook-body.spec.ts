import { describe, expect, it } from '@jest/globals';
import { webhookBody, type BodyOptions } from '../../../../../src/delivery/channels/webhook/webhook-body.js';
import { CLEAR_REASONS } from '../../../../../src/domain/alerts/alert.js';
import type { NotifiableEvent } from '../../../../../src/domain/notifications/notification.js';
import { ZonedTime } from '../../../../../src/lib/zoned-time.js';
import {
  DEPARTMENT_CLEARED,
  DEPARTMENT_RAISED,
  NOTIFIED_AT,
  STRESS_CLEARED,
  STRESS_RAISED,
  notificationOf,
} from '../../../../support/generators/notifications.js';
import { Random } from '../../../../support/generators/random.js';

const FULL: BodyOptions = {
  detail: 'full',
  time: new ZonedTime('Asia/Ho_Chi_Minh'),
  link: 'https://pw.example/',
};
const THIN: BodyOptions = { ...FULL, detail: 'thin' };
const RAISED_TIME = '2026-11-22T20:12:00.123+07:00';
const CLEARED_TIME = '2026-11-22T20:12:01.123+07:00';

const FULL_STRESS = {
  type: 'employee_stress',
  id: '184',
  timestamp: RAISED_TIME,
  data: {
    employee_id: 'E0042',
    employee_name: 'Mai Trần',
    department: 'Sales',
    position: 'Account Manager',
    stress_rate: 68.8,
    engagement_rate: 31.2,
    attrition_rate: null,
  },
};
const THIN_STRESS = {
  type: 'employee_stress',
  id: '184',
  timestamp: RAISED_TIME,
  data: { department: 'Sales', link: 'https://pw.example/' },
};

const only = (event: NotifiableEvent) => notificationOf([event]);

describe('the body of one event', () => {
  it('is, in full, the message of the WebSocket', () => {
    expect(webhookBody(only(STRESS_RAISED), FULL)).toEqual(FULL_STRESS);
    expect(webhookBody(only(DEPARTMENT_RAISED), FULL)).toEqual({
      type: 'department_critical',
      id: '185',
      timestamp: RAISED_TIME,
      data: {
        department_id: 'dept-sales',
        department_name: 'Sales',
        overall_risk: 'critical',
        engagement_score: 41.25,
      },
    });
    expect(webhookBody(only(STRESS_CLEARED), FULL)).toEqual({
      type: 'alert_cleared',
      id: '190',
      timestamp: CLEARED_TIME,
      data: {
        alert: 'employee_stress',
        employee_id: 'E0042',
        stress_rate: 33.3,
        raised_id: '184',
        reason: 'recovered',
      },
    });
  });

  it('is, thin, the same without the person and what was measured', () => {
    expect(webhookBody(only(STRESS_RAISED), THIN)).toEqual(THIN_STRESS);
    expect(webhookBody(only(DEPARTMENT_RAISED), THIN)).toEqual({
      type: 'department_critical',
      id: '185',
      timestamp: RAISED_TIME,
      data: { department: 'Sales', department_id: 'dept-sales', link: 'https://pw.example/' },
    });
    expect(webhookBody(only(STRESS_CLEARED), THIN)).toEqual({
      type: 'alert_cleared',
      id: '190',
      timestamp: CLEARED_TIME,
      data: {
        alert: 'employee_stress',
        department: 'Sales',
        raised_id: '184',
        reason: 'recovered',
        link: 'https://pw.example/',
      },
    });
    expect(webhookBody(only(DEPARTMENT_CLEARED), THIN)).toEqual({
      type: 'alert_cleared',
      id: '191',
      timestamp: CLEARED_TIME,
      data: {
        alert: 'department_critical',
        department: 'Sales',
        department_id: 'dept-sales',
        raised_id: '185',
        reason: 'reset',
        link: 'https://pw.example/',
      },
    });
  });

  it('has no link where there is none', () => {
    const { data } = webhookBody(only(STRESS_RAISED), { ...THIN, link: undefined });
    expect(data).toEqual({ department: 'Sales' });
  });
});

describe('the body of several', () => {
  it('holds the messages in their order, and how many there are', () => {
    expect(webhookBody(notificationOf([STRESS_RAISED, STRESS_CLEARED]), THIN)).toMatchObject({
      type: 'alerts',
      timestamp: CLEARED_TIME,
      data: { count: 2, alerts: [THIN_STRESS, { id: '190' }] },
    });
  });

  it('is that of a group for one event too, where groups are wanted', () => {
    expect(webhookBody(notificationOf([STRESS_RAISED], { isGroup: true }), FULL)).toEqual({
      type: 'alerts',
      timestamp: RAISED_TIME,
      data: { count: 1, alerts: [FULL_STRESS] },
    });
  });

  it('says of a reminder that it is one, even of one event', () => {
    const reminder = notificationOf([STRESS_RAISED], { kind: 'reminder', isGroup: false });
    expect(webhookBody(reminder, FULL)).toEqual({
      type: 'alerts_active',
      timestamp: RAISED_TIME,
      data: { count: 1, alerts: [FULL_STRESS] },
    });
  });

  it('stays below the 20 kB of Standard Webhooks for fifty full messages', () => {
    const events = Array.from({ length: 50 }, () => STRESS_RAISED);
    const body = JSON.stringify(webhookBody(notificationOf(events), FULL));
    expect(Buffer.byteLength(body)).toBeLessThan(20_000);
  });
});

it('is a test for a test', () => {
  expect(webhookBody(notificationOf([], { kind: 'test', at: NOTIFIED_AT }), THIN)).toEqual({
    type: 'test',
    timestamp: RAISED_TIME,
    data: { message: 'Test message of Pulsewatch' },
  });
});

describe('a thin body of random events', () => {
  const random = new Random(Date.now());
  let next = 0;
  /** A text or number that is found again wherever it turns up. */
  const marked = (kind: string) => `${kind}_${(next += 1)}_"\\<!channel>\u2028 ÿ`;
  const markedRate = () => Number(`7.${1_000_000 + (next += 1)}`);

  function event(): { event: NotifiableEvent; people: (string | number)[] } {
    const head = { id: random.whole(1, 2 ** 40), at: NOTIFIED_AT, department: marked('department') };
    const entityId = marked('person');
    const isStress = random.next() < 0.5;
    if (random.next() < 0.5) {
      const value = random.pick([markedRate(), marked('value')]);
      const tail = { raisedId: random.whole(1, 2 ** 40), reason: random.pick(CLEAR_REASONS), value };
      const alert = isStress ? 'employee_stress' : 'department_critical';
      const cleared = { kind: 'cleared', alert, entityId, ...head, ...tail } as const;
      return { event: cleared, people: isStress ? [entityId, value] : [value] };
    }
    if (!isStress) {
      const engagement_score = markedRate();
      const data = {
        department_id: entityId,
        department_name: head.department,
        overall_risk: 'critical' as const,
        engagement_score,
      };
      return {
        event: { kind: 'raised', alert: 'department_critical', entityId, ...head, data },
        people: [engagement_score],
      };
    }
    const data = {
      employee_id: entityId,
      employee_name: marked('person'),
      department: head.department,
      position: marked('position'),
      stress_rate: markedRate(),
      engagement_rate: random.pick([null, markedRate()]),
      attrition_rate: markedRate(),
    };
    const { department: _, ...people } = data;
    return {
      event: { kind: 'raised', alert: 'employee_stress', entityId, threshold: 40, ...head, data },
      people: Object.values(people).filter((value) => value !== null),
    };
  }

  it(`names nobody and no score (seed ${random.seed})`, () => {
    for (let round = 0; round < 500; round += 1) {
      const made = Array.from({ length: random.whole(1, 50) }, event);
      const events = made.map((one) => one.event);
      const kind = random.pick(['alerts', 'reminder'] as const);
      const text = JSON.stringify(webhookBody(notificationOf(events, { kind }), THIN));
      const told = made
        .flatMap(({ people }) => people)
        .filter((value) =>
          text.includes(typeof value === 'number' ? String(value) : JSON.stringify(value).slice(1, -1)),
        );
      expect(told).toEqual([]);
      // The departments are there: what is looked for would be found.
      expect(events.every((one) => text.includes(JSON.stringify(one.department)))).toBe(true);
    }
  });
});
