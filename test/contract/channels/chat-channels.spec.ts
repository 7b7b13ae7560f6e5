import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Notifier } from '../../../src/delivery/channels/notifier.js';
import { SlackNotifier } from '../../../src/delivery/channels/slack/slack.notifier.js';
import { TeamsNotifier } from '../../../src/delivery/channels/teams/teams.notifier.js';
import { Secret } from '../../../src/config/secret.js';
import { STRESS_RAISED } from '../../support/generators/notifications.js';
import { told } from '../../support/generators/chat-notifications.js';
import { HttpSink } from '../../support/servers/http-sink.js';
import { SettableClock } from '../../support/app/settable-clock.js';

const clock = new SettableClock(Date.UTC(2026, 10, 22));
const context = { clock, timezone: 'UTC', link: 'https://pw.example/' };
const TOLD = told([STRESS_RAISED]);
const SECRET = 'path-token-secret';
const never = new AbortController().signal;

const base = {
  ...({ name: 'chat', detail: 'thin', retryMaxMs: 1_000, giveUpMs: 1_000 } as const),
  timeoutMs: 60_000,
};
const KINDS = {
  slack: {
    make: (url: string): Notifier =>
      new SlackNotifier({ ...base, kind: 'slack', url: new Secret(url) }, context),
    pauseMs: 1_000,
  },
  teams: {
    make: (url: string): Notifier =>
      new TeamsNotifier({ ...base, kind: 'teams', url: new Secret(url) }, context),
    pauseMs: 250,
  },
};

// What they share with the other kinds is in test/contract/notifier.contract.ts.
describe.each(Object.entries(KINDS))('%s', (_, { make, pauseMs }) => {
  let sink: HttpSink;
  let channel: Notifier;
  beforeEach(async () => {
    sink = await HttpSink.start();
    channel = make(`${sink.url}/services/${SECRET}?sig=${SECRET}`);
  });
  afterEach(async () => {
    await channel.close();
    await sink.stop();
  });
  const deliver = (signal = never) => channel.deliver(TOLD, signal);

  it('is sent JSON, at its address, the same at each attempt', async () => {
    expect(await deliver()).toEqual({ outcome: 'delivered' });
    await deliver();
    const [first, second] = await sink.first(2);
    expect(first?.path).toBe(`/services/${SECRET}?sig=${SECRET}`);
    expect(first?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Pulsewatch',
    });
    expect(first?.body).toContain('Employee under stress in Sales');
    expect(second?.body).toBe(first?.body);
    expect(channel.pauseMs).toBe(pauseMs);
  });

  it('shows no part of its address, however it is printed', async () => {
    await deliver();
    for (const shown of [inspect(channel, { depth: 9, showHidden: true }), JSON.stringify(channel)])
      expect(shown).not.toMatch(/path-token|127\.0\.0\.1/);
    expect(() => make(`ftp://h/${SECRET}`)).toThrow(
      /^The url of receiver chat is not one of http or https\.$/,
    );
    expect(() => make(SECRET)).toThrow(/^The url of receiver chat is not one of http or https\.$/);
  });
});
