import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Notifier } from '../../src/delivery/channels/notifier.js';
import { SlackNotifier } from '../../src/delivery/channels/slack/slack.notifier.js';
import { TeamsNotifier } from '../../src/delivery/channels/teams/teams.notifier.js';
import { Secret } from '../../src/config/secret.js';
import { STRESS_RAISED } from '../support/generators/notifications.js';
import { told } from '../support/generators/chat-notifications.js';
import { HttpSink } from '../support/servers/http-sink.js';
import { SettableClock } from '../support/app/settable-clock.js';

const clock = new SettableClock(Date.UTC(2026, 10, 22));
const context = { clock, timezone: 'UTC', link: 'https://pw.example/' };
const TOLD = told([STRESS_RAISED]);
const SECRET = 'path-token-secret';
const never = new AbortController().signal;

const base = {
  ...({ name: 'chat', detail: 'thin', retryMaxMs: 1_000, giveUpMs: 1_000 } as const),
  timeoutMs: 5_000,
};
const KINDS = {
  slack: {
    make: (url: string, timeoutMs = base.timeoutMs): Notifier =>
      new SlackNotifier({ ...base, timeoutMs, kind: 'slack', url: new Secret(url) }, context),
    gone: [403, 404, 410],
    delivers: (status: number) => status === 200,
    pauseMs: 1_000,
  },
  teams: {
    make: (url: string, timeoutMs = base.timeoutMs): Notifier =>
      new TeamsNotifier({ ...base, timeoutMs, kind: 'teams', url: new Secret(url) }, context),
    gone: [404, 410],
    delivers: (status: number) => status >= 200 && status < 300,
    pauseMs: 250,
  },
};
const RETRIED = [408, 425, 429];

describe.each(Object.entries(KINDS))('%s', (_, { make, gone, delivers, pauseMs }) => {
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

  it('means by each status what its pages say', async () => {
    const statuses = [200, 201, 202, 204, 301, 302, 307, 308, 400, 401, 403, 404, 405, 408, 410, 413];
    for (const status of [...statuses, 422, 425, 429, 500, 501, 502, 503, 504, 599]) {
      sink.next({
        status,
        headers: { 'Retry-After': '3', Location: `${sink.url}/elsewhere` },
        body: status === 204 ? '' : `no_text ${SECRET}`,
      });
      const retryable = RETRIED.includes(status) || status >= 500;
      const failed = { outcome: 'failed', retryable, reason: `HTTP ${status}` };
      expect(await deliver()).toEqual(
        delivers(status)
          ? { outcome: 'delivered' }
          : {
              ...failed,
              ...(retryable ? { retryAfterMs: 3_000 } : {}),
              ...(gone.includes(status) ? { isGone: true } : {}),
            },
      );
    }
    expect(sink.received.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  it('is tried again where it does not answer, hangs up, or is not there', async () => {
    const hasty = make(`${sink.url}/${SECRET}`, 200);
    sink.answer = 'hang';
    expect(await hasty.deliver(TOLD, never)).toEqual({
      outcome: 'failed',
      retryable: true,
      reason: 'no answer in time',
    });
    await hasty.close();
    await sink.stop();
    const refused = await deliver();
    expect(refused).toMatchObject({ outcome: 'failed', retryable: true });
    expect(JSON.stringify(refused)).not.toMatch(/path-token|127\.0\.0\.1/);
    sink = await HttpSink.start();
  });

  describe('at a server that says nothing', () => {
    let mute: Server;
    beforeEach(async () => {
      mute = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
      await once(mute, 'listening');
    });
    afterEach(() => new Promise((resolve) => mute.close(resolve)));

    it('is given up at once when it is called off', async () => {
      const waiting = make(`http://127.0.0.1:${(mute.address() as AddressInfo).port}/`);
      const aborting = new AbortController();
      mute.once('connection', () => aborting.abort());
      await expect(waiting.deliver(TOLD, aborting.signal)).rejects.toThrow('aborted');
      await waiting.close();
    });
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
