import { describe, expect, it } from '@jest/globals';
import { slackMessage } from '../../../../src/delivery/channels/slack/slack-message.js';
import { teamsCard } from '../../../../src/delivery/channels/teams/teams-card.js';
import type { Notification } from '../../../../src/domain/notifications/notification.js';
import {
  CHAT,
  MarkedEvents,
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
} from '../../../support/generators/notifications.js';
import { Random } from '../../../support/generators/random.js';

/** Teams takes about 28 KB and refuses more with 413. */
const CARD_BYTES = 27_000;

const slack = (notification: Notification, detail: 'thin' | 'full' = 'thin') =>
  slackMessage(notification, detail, CHAT);
const teams = (notification: Notification, detail: 'thin' | 'full' = 'thin') =>
  teamsCard(notification, detail, CHAT).attachments[0].content;

const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
const aside = (text: string) => ({ type: 'context', elements: [plain(text)] });
const SLACK_LINK = {
  type: 'section',
  text: { type: 'mrkdwn', text: '<https://pw.example/?a=1&amp;b=2|Open Pulsewatch>', verbatim: true },
};
const block = (text: string, more: object = {}) => ({ type: 'TextBlock', text, wrap: true, ...more });
const ACTIONS = [{ type: 'Action.OpenUrl', title: 'Open Pulsewatch', url: 'https://pw.example/?a=1&b=2' }];

describe('one alert', () => {
  it('in Slack', () => {
    expect(slack(told([DEPARTMENT_RAISED]), 'full')).toEqual({
      text: 'Sales is critical\nRaised\nSales: critical, engagement 41.25',
      mrkdwn: false,
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        { type: 'header', text: plain('Sales is critical') },
        aside('Raised · 2026-11-22 20:12 UTC+07:00'),
        { type: 'section', text: plain('Sales: critical, engagement 41.25') },
        SLACK_LINK,
      ],
    });
  });

  it('in Teams', () => {
    expect(teamsCard(told([STRESS_RAISED]), 'full', CHAT)).toEqual({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              block('Employee under stress in Sales', { size: 'Large', weight: 'Bolder', color: 'Warning' }),
              block('Raised · 2026-11-22 20:12 UTC+07:00', { isSubtle: true }),
              block('Mai Trần (E0042, Account Manager), Sales: stress 68.8'),
            ],
            actions: ACTIONS,
          },
        },
      ],
    });
  });

  it('tells no person where it is thin', () => {
    for (const event of [STRESS_RAISED, STRESS_CLEARED])
      for (const shown of [slack(told([event])), teams(told([event]))])
        expect(JSON.stringify(shown)).not.toMatch(/E0042|Mai|Account|68\.8|33\.3/);
  });

  it('is over: green, and named so', () => {
    expect(slack(told([DEPARTMENT_CLEARED])).blocks.slice(0, 2)).toEqual([
      { type: 'header', text: plain('Resolved: Sales is critical') },
      aside('Resolved · 2026-11-22 20:12 UTC+07:00'),
    ]);
    expect(teams(told([DEPARTMENT_CLEARED])).body[0]).toMatchObject({ color: 'Good' });
  });
});

describe('thousands', () => {
  it('in Slack', () => {
    const { blocks } = slack(fiveThousand());
    expect(blocks[0]).toEqual({
      type: 'header',
      text: plain('1 critical department, 4999 employees under stress'),
    });
    expect(blocks[2]).toEqual({ type: 'section', text: plain('Team 3: critical') });
    const [, , , table, others] = blocks;
    expect(table).toMatchObject({ type: 'section', text: { text: '*By department*' } });
    expect(table?.type === 'section' && table.fields).toHaveLength(10);
    expect(table?.type === 'section' && table.fields?.[0]).toEqual(plain('Team 3: 418 raised'));
    expect(others).toEqual(aside('and 2 more departments'));
    expect(slack(fiveThousand(), 'full').blocks[3]).toEqual(aside('4990 more are not listed here.'));
  });

  it('in Teams', () => {
    const { body } = teams(fiveThousand());
    expect(body[0]).toMatchObject({ color: 'Attention' });
    expect(body[2]).toEqual(block('Team 3: critical'));
    expect(body.at(-2)).toMatchObject({ type: 'FactSet' });
    expect(JSON.stringify(body.at(-2))).toContain('{"title":"Team 3","value":"418 raised"}');
    expect(body.at(-1)).toEqual(block('and 2 more departments'));
    expect(teams(fiveThousand(), 'full').body).toContainEqual(block('4990 more are not listed here.'));
  });
});

describe('text from data', () => {
  it('is no mention, link or format in Slack: it stands in plain text, escaped', () => {
    const { text, blocks } = slack(told([departmentNamed('<!channel> *x* <http://e|y> &amp;')]));
    const shown = '&lt;!channel&gt; *x* &lt;http://e|y&gt; &amp;amp; is critical';
    expect(blocks[0]).toEqual({ type: 'header', text: plain(shown) });
    expect(text.split('\n')[0]).toBe(shown);
  });

  it('is no Markdown, mention or function in Teams', () => {
    const { body } = teams(told([departmentNamed('*x* [a](http://b) <at>Z</at> {{DATE(1)}}')]));
    expect(body[0]).toMatchObject({
      text: String.raw`\*x\* \[a\](http\://b) \<at>Z\</at> {\{DATE(1)}} is critical`,
    });
  });

  it.each(['\\\\', '😀', '*', '://'])('fits into a card where all of it is %s', (part) => {
    const many = Array.from({ length: 10 }, (_, n) => personNamed(`${n}${part.repeat(200)}`));
    const card = JSON.stringify(teamsCard(told(many), 'full', CHAT));
    expect(Buffer.byteLength(card)).toBeGreaterThan(9_000);
    expect(Buffer.byteLength(card)).toBeLessThanOrEqual(CARD_BYTES);
  });

  const random = new Random(Date.now());

  it(`keeps every limit, whatever it is (seed ${random.seed})`, () => {
    for (let round = 0; round < 300; round += 1) {
      const events = Array.from({ length: random.whole(1, 30) }, () => {
        const text = hostileText(random).repeat(random.pick([1, 1, 40]));
        return random.pick([personNamed, departmentNamed])(text);
      });
      const { text, blocks } = slack(told(events), 'full');
      expect(text.length).toBeLessThanOrEqual(4_000);
      expect(text).not.toMatch(/[<>]/);
      expect(blocks.length).toBeLessThanOrEqual(50);
      expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(13_000);
      for (const each of blocks) {
        if (each.type === 'header') expect(each.text.text.length).toBeLessThanOrEqual(150);
        if (each.type !== 'section') continue;
        expect(each.text.text.length).toBeLessThanOrEqual(3_000);
        expect(each.fields?.length ?? 0).toBeLessThanOrEqual(10);
        for (const field of each.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000);
        if (each.text.type === 'mrkdwn')
          expect(['*By department*', SLACK_LINK.text.text]).toContain(each.text.text);
      }
      const card = JSON.stringify(teamsCard(told(events), 'full', CHAT));
      expect(Buffer.byteLength(card)).toBeLessThanOrEqual(CARD_BYTES);
      // What could begin a mention, a link or a format has a backslash before it.
      expect(card).not.toMatch(/(?<!\\)(?:<\/?at|\]\(|:\/\/z\.example)/);
    }
  });

  it(`stays inside unless all is to be told (seed ${random.seed})`, () => {
    const marked = new MarkedEvents(random);
    for (let round = 0; round < 300; round += 1) {
      const { event, private: marks } = marked.event();
      const shown = JSON.stringify([slack(told([event])), teams(told([event]))]);
      for (const mark of marks) expect(shown).not.toContain(mark);
    }
  });
});
