import type { ChatContext } from '../../../src/delivery/channels/http/chat-text.js';
import { CLEAR_REASONS } from '../../../src/domain/alerts/alert.js';
import {
  DigestTally,
  type Notification,
  type NotifiableEvent,
} from '../../../src/domain/notifications/notification.js';
import { ZonedTime } from '../../../src/lib/zoned-time.js';
import { DEPARTMENT_RAISED, NOTIFIED_AT, STRESS_RAISED, notificationOf } from './notifications.js';
import type { Random } from './random.js';

export const CHAT: ChatContext = {
  time: new ZonedTime('Asia/Ho_Chi_Minh'),
  link: 'https://pw.example/?a=1&b=2',
};

/** What the pipeline makes of these events for people. */
export function told(
  events: readonly NotifiableEvent[],
  kind: Notification['kind'] = 'alerts',
): Notification {
  const tally = new DigestTally();
  for (const event of events) tally.add(event);
  return notificationOf(tally.named, { kind, digest: tally.digest, at: NOTIFIED_AT });
}

/** What people are told of one upload: 4,999 employees of twelve teams, and one department. */
export function fiveThousand(): Notification {
  const people = Array.from({ length: 4_999 }, (_, index): NotifiableEvent => {
    const department = `Team ${index % 12}`;
    const person = { employee_id: `E${index}`, employee_name: `Person ${index}`, position: 'Analyst' };
    const data = {
      ...person,
      department,
      stress_rate: index / 50,
      engagement_rate: null,
      attrition_rate: null,
    };
    const head = { id: index + 1, at: NOTIFIED_AT, entityId: person.employee_id, department, threshold: 40 };
    return { ...head, kind: 'raised', alert: 'employee_stress', data };
  });
  return told([...people, departmentNamed('Team 3')]);
}

export function departmentNamed(department: string): NotifiableEvent {
  if (DEPARTMENT_RAISED.alert !== 'department_critical') throw new Error('not a department');
  return {
    ...DEPARTMENT_RAISED,
    department,
    data: { ...DEPARTMENT_RAISED.data, department_name: department },
  };
}

/** An employee of whom all that is text is made of `text`. */
export function personNamed(text: string): NotifiableEvent {
  if (STRESS_RAISED.alert !== 'employee_stress') throw new Error('not a person');
  const names = { employee_id: text, employee_name: text, position: text, department: text };
  return { ...STRESS_RAISED, entityId: text, department: text, data: { ...STRESS_RAISED.data, ...names } };
}

/** Texts of each kind of trouble, and of no trouble; alone and mixed. */
const HOSTILE = [
  ...[
    '<!channel>',
    '<@U1>',
    '<http://x|y>',
    '&',
    '&lt;',
    '*b*',
    '_i_',
    '~s~',
    '`c`',
    '[x](http://y)',
    '<at>Z</at>',
  ],
  ...['\\', '"', '# ', '- ', '1. ', '{{DATE(2017-02-14T06:00:00Z)}}', ':smile:', '@here', 'http://z.example'],
  ...[
    '\n',
    '\r\n',
    '\t',
    '\0',
    '\x1b[31m',
    '\u0085',
    '\u2028',
    '\u202e',
    '\u2066',
    '\u200f',
    '\ufeff',
    '\u{e0041}',
  ],
  ...['\ud800', '\udc00', '😀', '👩‍👩‍👧', 'é', 'Trần', 'مبيعات', '営業', ' ', 'R&D', 'a'],
];

export function hostileText(random: Random, maxParts = 8): string {
  return Array.from({ length: random.whole(1, maxParts) }, () => random.pick(HOSTILE)).join('');
}

/** Values that are found again wherever they turn up, among others. */
export class MarkedEvents {
  private next = 0;

  constructor(private readonly random: Random) {}

  /** An event, and what of it only a full message may tell. */
  event(): { event: NotifiableEvent; private: readonly string[] } {
    const { random } = this;
    const department = `${hostileText(random)}Unit ${this.count()}`;
    const head = { id: random.whole(1, 2 ** 40), at: NOTIFIED_AT, department, entityId: this.text() };
    const alert = random.pick(['employee_stress', 'department_critical'] as const);
    if (random.next() < 0.4) {
      const [value, reason] = [random.pick([this.rate(), this.text()]), random.pick(CLEAR_REASONS)];
      const event = {
        ...head,
        kind: 'cleared',
        alert,
        raisedId: random.whole(1, 2 ** 40),
        reason,
        value,
      } as const;
      return { event, private: marksOf([head.entityId, value]) };
    }
    if (alert === 'department_critical') {
      const data = {
        ...{ department_id: head.entityId, department_name: department },
        ...{ overall_risk: 'critical' as const, engagement_score: this.rate() },
      };
      return {
        event: { ...head, kind: 'raised', alert, data },
        private: marksOf([head.entityId, data.engagement_score]),
      };
    }
    const person = { employee_id: head.entityId, employee_name: this.text(), position: this.text() };
    const rates = { stress_rate: this.rate(), engagement_rate: this.rate(), attrition_rate: this.rate() };
    return {
      event: { ...head, kind: 'raised', alert, threshold: 40, data: { ...person, department, ...rates } },
      private: marksOf([...Object.values(person), ...Object.values(rates)]),
    };
  }

  private count(): number {
    return (this.next += 1);
  }

  /** The mark is of letters and digits: every form leaves it as it is. */
  private text(): string {
    return `mark${this.count()}x${hostileText(this.random)}`;
  }

  private rate(): number {
    return Number(`7.${1_000_000 + this.count()}1`);
  }
}

function marksOf(values: readonly (string | number)[]): string[] {
  return values.map((value) =>
    typeof value === 'number' ? String(value) : (/^mark\d+x/.exec(value)?.[0] ?? ''),
  );
}
