import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import webPush from 'web-push';
import { parseChannels, type ChannelsFile } from '../../../src/config/channels-file.js';
import type { ChannelsConfig } from '../../../src/config/channels-config.js';
import { CHANNEL_KINDS } from '../../../src/delivery/channels/registry.js';
import type { ReceiverConfig } from '../../../src/config/channels-config.js';
import type { WebhookReceiver } from '../../../src/delivery/channels/webhook/webhook-receiver.js';

const isWebhook = (receiver: ReceiverConfig | undefined): receiver is WebhookReceiver =>
  receiver?.kind === 'webhook';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const PAIR = webPush.generateVAPIDKeys();
const VAPID = { VAPID_PUBLIC: PAIR.publicKey, VAPID: PAIR.privateKey };
const variables = {
  HOOK_SECRET: SECRET,
  SLACK_URL: 'https://hooks.slack.com/services/T/B/tokentokentoken',
  TEAMS_URL: 'https://x.logic.azure.com/workflows/1?sig=sigsigsig',
  ...VAPID,
};

function read(
  text: string,
  given: Partial<ChannelsFile> = {},
): { channels: ChannelsConfig | undefined; problems: string[] } {
  const problems: string[] = [];
  const channels = parseChannels(
    { text, variables, detail: 'thin', kinds: CHANNEL_KINDS, ...given },
    problems,
  );
  return { channels, problems };
}

const CONTRACT = `
receivers:
  - { name: automation, kind: webhook, url: "https://example.com/hook", secret: "\${HOOK_SECRET}", detail: full, allow_private: false }   # whsec_…
  - { name: hr-slack,   kind: slack,   url: "\${SLACK_URL}" }
  - { name: hr-teams,   kind: teams,   url: "\${TEAMS_URL}" }
  - { name: hr-mail,    kind: email,   smtp: "smtps://user:pass@host:465", from: "alerts@example.com", to: ["hr@example.com"] }
  - { name: phones,     kind: web_push, vapid_public: "\${VAPID_PUBLIC}", vapid_private: "\${VAPID}", subject: "mailto:ops@example.com" }
routes:
  - { match: { types: [department_critical] }, to: [hr-slack, hr-mail], group_window: 0s }
  - { match: { types: [employee_stress], departments: [Sales] }, to: [automation], continue: true }
  - { match: {}, to: [hr-slack], group_window: 30s, repeat: 0s, quiet: { from: "22:00", to: "06:00" } }
`;
const receiver = (fields: string) =>
  `receivers: [{ name: it, ${fields} }]\nroutes: [{ match: {}, to: [it] }]`;
const HOOK = `kind: webhook, url: "https://example.com", secret: "${SECRET}"`;
const routes = (text: string) => `receivers: [{ name: it, ${HOOK} }]\nroutes: ${text}`;

describe('the channels file', () => {
  it('of the contract is read', () => {
    const { channels, problems } = read(CONTRACT);
    expect(problems).toEqual([]);
    expect(channels?.receivers.map(({ name, kind, detail }) => [name, kind, detail])).toEqual([
      ['automation', 'webhook', 'full'],
      ['hr-slack', 'slack', 'thin'],
      ['hr-teams', 'teams', 'thin'],
      ['hr-mail', 'email', 'thin'],
      ['phones', 'web_push', 'thin'],
    ]);
    expect(channels?.receivers[0]).toMatchObject({
      retryMaxMs: 30_000,
      giveUpMs: 86_400_000,
      timeoutMs: 15_000,
    });
    expect(channels?.routes).toEqual([
      {
        match: { types: ['department_critical'] },
        to: ['hr-slack', 'hr-mail'],
        groupWindowMs: 0,
        repeatMs: 0,
        continue: false,
      },
      {
        match: { types: ['employee_stress'], departments: ['Sales'] },
        to: ['automation'],
        repeatMs: 0,
        continue: true,
      },
      {
        match: {},
        to: ['hr-slack'],
        groupWindowMs: 30_000,
        repeatMs: 0,
        quiet: { from: 1_320, to: 360 },
        continue: false,
      },
    ]);
  });

  it('may be JSON, and takes secrets from the environment', () => {
    const { channels } = read(
      JSON.stringify({
        receivers: [
          { name: 'it', kind: 'webhook', url: 'https://example.com', secret: ['${HOOK_SECRET}', SECRET] },
        ],
        routes: [{ to: 'it' }],
      }),
    );
    const [first] = channels?.receivers ?? [];
    if (!isWebhook(first)) throw new Error('It was not read');
    expect(first.secrets.map((secret) => secret.reveal())).toEqual([SECRET, SECRET]);
    expect(channels?.routes).toEqual([{ match: {}, to: ['it'], repeatMs: 0, continue: false }]);
  });

  it('of the examples is read', () => {
    const text = readFileSync('examples/channels.yaml', 'utf8');
    const more = { ...variables, HOOK_URL: 'https://example.com', SMTP_URL: 'smtp://localhost' };
    expect(read(text, { variables: more }).problems).toEqual([]);
  });

  it('says which variables are missing', () => {
    expect(
      read(CONTRACT, { variables: { ...variables, SLACK_URL: '', HOOK_SECRET: undefined } }).problems,
    ).toEqual([
      'CHANNELS_FILE: receivers[0].secret needs the variable HOOK_SECRET, which is not set',
      'CHANNELS_FILE: receivers[1].url needs the variable SLACK_URL, which is not set',
      expect.stringContaining('receivers[0].secret must be'),
      expect.stringContaining('receivers[1].url must be'),
    ]);
  });

  it('takes the detail of receivers that say nothing of it', () => {
    const details = read(CONTRACT, { detail: 'full' }).channels?.receivers.map(({ detail }) => detail);
    expect(details).toEqual(['full', 'full', 'full', 'full', 'full']);
    expect(read(receiver(`${HOOK}, detail: thin`), { detail: 'full' }).channels?.receivers[0]?.detail).toBe(
      'thin',
    );
  });

  it('keeps secrets out of what is printed of it', () => {
    const { channels } = read(CONTRACT);
    const shown = inspect(channels, { depth: 9 }) + JSON.stringify(channels);
    for (const secret of [SECRET, 'tokentokentoken', 'sigsigsig', 'user:pass', VAPID.VAPID])
      expect(shown).not.toContain(secret);
  });

  it.each([
    ['[', 'the file is neither YAML nor JSON (line 1, column 2)'],
    ['just text', 'the file must be a mapping'],
    ['', 'the file must be a mapping'],
    ['receivers: []', 'the file.receivers must be a list, and not empty'],
    [routes('[]'), 'the file.routes must be a list, and not empty'],
    [`${routes('[{ to: [it] }]')}\nmore: 1`, 'the file has no setting more'],
    [receiver('kind: pager'), 'receivers[0].kind must be one of webhook, slack, teams, email, web_push'],
    [receiver('kind: slack'), 'receivers[0].url must be set: an https address'],
    [receiver(`${HOOK}, colour: red`), 'receivers[0] has no setting colour'],
    [
      receiver('kind: webhook, url: "http://example.com", secret: "whsec_c2hvcnQ="'),
      'receivers[0].url must be a public https address without user name and password (allow_private: true permits http, and addresses of private networks)',
    ],
    [
      receiver('kind: webhook, url: "https://example.com", secret: "whsec_c2hvcnQ="'),
      'receivers[0].secret must be whsec_ and 24 to 64 random bytes in base64, or a list of such',
    ],
    [
      receiver('kind: webhook, url: "https://example.com"'),
      'receivers[0].secret must be whsec_ and 24 to 64 random bytes in base64, or a list of such',
    ],
    [
      receiver('kind: email, smtp: "smtp://h", from: "no address", to: [a@example.com]'),
      'receivers[0].from must be a mail address',
    ],
    [
      receiver('kind: email, smtp: "http://h", from: "a@example.com", to: [a@example.com]'),
      'receivers[0].smtp must be an address like smtps://user:password@host:465',
    ],
    [
      receiver('kind: email, smtp: "smtp://h", from: "a@example.com", to: []'),
      'receivers[0].to must be a list of texts, and not empty',
    ],
    [
      receiver('kind: email, smtp: "smtp://h", from: "a@example.com", to: ["a@x.y\\r\\nBcc: b@x.y"]'),
      'receivers[0].to must be a list of different mail addresses',
    ],
    [
      receiver(`${HOOK}, give_up: soon`),
      'receivers[0].give_up must be a duration like 500ms, 30s, 5m or 2h, within its bounds',
    ],
    [
      receiver(`${HOOK}, timeout: 0s`),
      'receivers[0].timeout must be a duration like 500ms, 30s, 5m or 2h, within its bounds',
    ],
    [receiver(`${HOOK}, allow_private: "yes"`), 'receivers[0].allow_private must be true or false'],
    [
      receiver(
        `kind: web_push, vapid_public: short, vapid_private: "${VAPID.VAPID}", subject: "mailto:a@b.c"`,
      ),
      'receivers[0].vapid_public must be a VAPID key',
    ],
    [
      receiver(
        `kind: web_push, vapid_public: "${webPush.generateVAPIDKeys().publicKey}", vapid_private: "${VAPID.VAPID}", subject: "mailto:a@b.c"`,
      ),
      'receivers[0].vapid_private must be the VAPID key that belongs to vapid_public',
    ],
    ...['https://10.0.0.1/in', 'https://u:p@example.com/', 'https://metadata.internal/'].map((url) => [
      receiver(`kind: webhook, url: "${url}", secret: "${SECRET}"`),
      'receivers[0].url must be a public https address without user name and password (allow_private: true permits http, and addresses of private networks)',
    ]),
    [routes('[{ to: [other] }]'), 'routes[0].to must be a list of names of receivers of this file'],
    [routes('[{ match: {} }]'), 'routes[0].to must be a list of names of receivers of this file'],
    [
      routes('[{ to: [it], match: { types: [everything] } }]'),
      'routes[0].match.types must be made of employee_stress, department_critical',
    ],
    [
      routes('[{ to: [it], match: { severities: [bad] } }]'),
      'routes[0].match.severities must be made of warning, critical',
    ],
    [routes('[{ to: [it], match: { people: [x] } }]'), 'routes[0].match has no setting people'],
    [routes('[{ to: [it], repeat: 5s }]'), 'routes[0].repeat must be 0s, or 1m at least'],
    [
      routes('[{ to: [it], quiet: { from: "22:00" } }]'),
      'routes[0].quiet.to must be set: a time of day like "22:00"',
    ],
    [
      routes('[{ to: [it], quiet: { from: "22:00", to: "22:00" } }]'),
      'routes[0].quiet.to must be another time than "from"',
    ],
    ['receivers: &all [*all]', 'receivers[0] must not contain itself'],
    ['receivers: [5]', 'receivers[0] must be a mapping'],
    ['receivers: [[]]', 'receivers[0] must be a mapping'],
    [
      'receivers: [{ kind: pager, timeout: soon }]',
      'receivers[0].name must be set: small letters, digits and hyphens, at most 60',
    ],
    [
      'receivers: [{ kind: 7, name: It }]',
      'receivers[0].name must be small letters, digits and hyphens, at most 60',
    ],
  ])('%s: says what is wrong', (text, problem) => {
    const { channels, problems } = read(text);
    expect(channels).toBeUndefined();
    expect(problems).toContain(`CHANNELS_FILE: ${problem}`);
    expect(problems.join()).not.toContain('c2hvcnQ');
  });

  it('has receivers of different names', () => {
    const text = `receivers: [{ name: it, ${HOOK} }, { name: it, ${HOOK} }]\nroutes: [{ to: [it] }]`;
    expect(read(text).problems).toEqual(['CHANNELS_FILE: two receivers are called it']);
    expect(read(receiver(HOOK).replace('name: it', 'name: "It is"')).problems[0]).toContain(
      'receivers[0].name must be',
    );
  });
});
