import { describe, expect, it } from '@jest/globals';
import { mailMessage, type MailOptions } from '../../../../../src/delivery/channels/email/mail-message.js';
import { ZonedTime } from '../../../../../src/lib/zoned-time.js';
import {
  MarkedEvents,
  departmentNamed,
  fiveThousand,
  told,
} from '../../../../support/generators/chat-notifications.js';
import {
  DEPARTMENT_CLEARED,
  DEPARTMENT_RAISED,
  STRESS_CLEARED,
  STRESS_RAISED,
} from '../../../../support/generators/notifications.js';
import { Random } from '../../../../support/generators/random.js';

const OPTIONS: MailOptions = {
  from: 'Pulsewatch <alerts@example.com>',
  recipient: 'hr@example.com',
  detail: 'thin',
  link: 'https://pw.example/?a=1&b=2',
  time: new ZonedTime('Asia/Ho_Chi_Minh'),
};

describe('a mail', () => {
  it('tells one thing in a few lines', () => {
    const { subject, text, html } = mailMessage(told([DEPARTMENT_RAISED]), { ...OPTIONS, detail: 'full' });
    expect(subject).toBe('[Pulsewatch] Sales is critical');
    expect(text).toBe(`Sales is critical

- Sales: critical, engagement 41.25

See https://pw.example/?a=1&b=2

2026-11-22T20:12:00.123+07:00
Sent by Pulsewatch.
`);
    expect(html).toContain('<li style="margin:4px 0">Sales: critical, engagement 41.25</li>');
    expect(html).toContain('<a href="https://pw.example/?a=1&amp;b=2">Open Pulsewatch</a>');
  });

  it('tells thousands in one page', () => {
    const { subject, text } = mailMessage(fiveThousand(), OPTIONS);
    expect(subject).toBe('[Pulsewatch] 1 critical department, 4999 employees under stress');
    expect(text.split('\n').length).toBeLessThan(40);
    expect(text).toContain(
      '\n\n- Team 3: critical\n\nBy department:\n- Team 3: 418 raised\n- Team 0: 417 raised\n',
    );
    expect(text).toContain('\n- and 2 more departments\n');
  });

  it('is found in the thread of its alert, whatever the department is called', () => {
    const subjects = [departmentNamed('eNPS'), { ...DEPARTMENT_CLEARED, department: 'eNPS' }].map(
      (event) => mailMessage(told([event]), OPTIONS).subject,
    );
    expect(subjects).toEqual(['[Pulsewatch] eNPS is critical', 'Re: [Pulsewatch] eNPS is critical']);
  });

  it('has no link where there is no address to open', () => {
    const { text, html } = mailMessage(told([STRESS_RAISED, STRESS_CLEARED]), {
      ...OPTIONS,
      link: undefined,
    });
    expect(text).not.toContain('See ');
    expect(html).not.toContain('<a ');
  });
});

describe('what comes from data', () => {
  const random = new Random(Date.now());

  it(`breaks no header and no page, and stays inside unless all is to be told (seed ${random.seed})`, () => {
    const marked = new MarkedEvents(random);
    const bare = mailMessage(told([STRESS_RAISED]), OPTIONS).html.match(/<[a-z]+/g)?.length ?? 0;
    for (let round = 0; round < 500; round += 1) {
      const { event, private: marks } = marked.event();
      const { subject, text, html } = mailMessage(told([event]), OPTIONS);
      expect(subject).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
      expect(subject.length).toBeLessThan(400);
      for (const mark of marks) for (const shown of [subject, text, html]) expect(shown).not.toContain(mark);
      expect(html.match(/<[a-z]+/g)).toHaveLength(bare);
    }
  });
});
