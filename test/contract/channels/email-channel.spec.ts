import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EmailNotifier } from '../../../src/delivery/channels/email/email.notifier.js';
import type { EmailReceiver } from '../../../src/delivery/channels/email/email-receiver.js';
import { testNotification } from '../../../src/delivery/channels/message-builder.js';
import type { NotifiableEvent } from '../../../src/domain/notifications/notification.js';
import { Secret } from '../../../src/config/secret.js';
import { makeCertificate, type CertificateFiles } from '../../support/app/certificates.js';
import { notificationOf, STRESS_CLEARED, STRESS_RAISED } from '../../support/generators/notifications.js';
import { SettableClock } from '../../support/app/settable-clock.js';
import { SmtpSink, type SmtpSinkOptions } from '../../support/servers/smtp-sink.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

const clock = new SettableClock(Date.parse('2026-11-22T13:12:00Z'));
/** One event, or several, as the pipeline would put them into a message. */
const singleOf = (event: NotifiableEvent) => notificationOf([event], { id: `it.${event.id}` });
const groupOf = (...events: NotifiableEvent[]) => notificationOf(events, { id: 'it.184-190' });

const never = new AbortController().signal;
const PASSWORD = 'p@ss+w:rd/%äö';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let certificate: CertificateFiles;
let ca: string;
let sink: SmtpSink | undefined;
beforeAll(async () => {
  folder = await temporaryFolder();
  certificate = await makeCertificate(folder.path, 'mail');
  ca = await readFile(certificate.cert, 'utf8');
});
afterAll(() => folder.remove());
afterEach(async () => {
  await sink?.stop();
  sink = undefined;
});

function receiver(smtp: string, more: Partial<EmailReceiver> = {}): EmailReceiver {
  return {
    ...{ name: 'mail', kind: 'email', detail: 'thin', retryMaxMs: 1_000, giveUpMs: 1_000, timeoutMs: 60_000 },
    smtp: new Secret(smtp),
    from: 'Pulsewatch <alerts@example.com>',
    to: ['hr@example.com'],
    ...more,
  };
}
const context = { clock, timezone: 'UTC', link: 'https://pulse.example.com/' };
const channelTo = (smtp: string, more?: Partial<EmailReceiver>) =>
  new EmailNotifier(receiver(smtp, more), 'hr@example.com', context, ca);

async function startSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  sink = await SmtpSink.start(options);
  return sink;
}

describe('a mail', () => {
  it('goes to one recipient, in text and HTML, with stable ids', async () => {
    const { port, mails } = await startSink();
    const channel = channelTo(`smtp://127.0.0.1:${port}`);
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(await channel.deliver(singleOf(STRESS_RAISED), never)).toEqual({ outcome: 'delivered' });
    const [mail, again] = mails;
    expect(mail?.to).toEqual(['hr@example.com']);
    expect(Object.fromEntries(mail?.headers ?? [])).toMatchObject({
      from: 'Pulsewatch <alerts@example.com>',
      to: 'hr@example.com',
      subject: '[Pulsewatch] Employee under stress in Sales',
      'message-id': `<${singleOf(STRESS_RAISED).id}@example.com>`,
      references: '<alert-184@example.com>',
      'in-reply-to': '<alert-184@example.com>',
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      date: 'Sun, 22 Nov 2026 13:12:00 +0000',
    });
    expect(again?.headers.get('message-id')).toBe(mail?.headers.get('message-id'));
    expect(mail?.raw).toContain('multipart/alternative');
    expect(mail?.raw).toContain('https://pulse.example.com/');
    for (const secret of ['E0042', 'Mai', 'Account Manager', '68.8']) expect(mail?.raw).not.toContain(secret);
  });

  it('about one alert is in one thread with those before: same root, same subject', async () => {
    const { port, mails } = await startSink();
    const channel = channelTo(`smtp://127.0.0.1:${port}`);
    await channel.deliver(singleOf(STRESS_RAISED), never);
    await channel.deliver({ ...singleOf(STRESS_RAISED), id: 'it.reminder-1', kind: 'reminder' }, never);
    await channel.deliver(singleOf(STRESS_CLEARED), never);
    const threads = mails.map(({ headers }) => [headers.get('references'), headers.get('subject')]);
    const subject = '[Pulsewatch] Employee under stress in Sales';
    expect(threads).toEqual([
      ['<alert-184@example.com>', subject],
      ['<alert-184@example.com>', `Re: ${subject}`],
      ['<alert-184@example.com>', `Re: ${subject}`],
    ]);
    expect(new Set(mails.map(({ headers }) => headers.get('message-id'))).size).toBe(3);
    expect(mails[2]?.raw).toContain('Resolved: employee under stress in Sales');
  });

  it('about several alerts, or none, has no thread', async () => {
    const { port, mails } = await startSink();
    const channel = channelTo(`smtp://127.0.0.1:${port}`);
    await channel.deliver(groupOf(STRESS_RAISED, STRESS_CLEARED), never);
    await channel.deliver(testNotification('it.test-1', clock.now()), never);
    expect(mails.map(({ headers }) => headers.has('references'))).toEqual([false, false]);
    expect(mails[1]?.headers.get('subject')).toBe('[Pulsewatch] Test message of Pulsewatch');
  });

  it('holds data as text: no header and no markup can be put in', async () => {
    const { port, mails } = await startSink();
    const department = 'Söles 🚀\r\nBcc: evil@example.com\r\n\r\n<img src=x onerror=alert(1)>';
    await channelTo(`smtp://127.0.0.1:${port}`).deliver(singleOf({ ...STRESS_RAISED, department }), never);
    const [mail] = mails;
    expect(mail?.to).toEqual(['hr@example.com']);
    expect(mail?.headers.has('bcc')).toBe(false);
    expect(mail?.headers.get('subject')).toMatch(/^=\?UTF-8\?/);
    expect(mail?.raw.split('Content-Type: text/html')[1]).not.toMatch(/<img/i);
  });

  it('names people where the receiver is to be told all', async () => {
    const { port, mails } = await startSink();
    await channelTo(`smtp://127.0.0.1:${port}`, { detail: 'full' }).deliver(singleOf(STRESS_RAISED), never);
    expect(mails[0]?.raw).toContain('E0042');
    expect(mails[0]?.raw).toContain('68.8');
  });
});

describe('the way to the mail server', () => {
  const login = { user: 'user@example.com', password: PASSWORD };
  const credentials = `${encodeURIComponent(login.user)}:${encodeURIComponent(PASSWORD)}`;

  it.each([
    ['smtps', { secure: true }],
    ['smtp', {}],
  ])('%s is TLS with a verified certificate, and a login', async (scheme, options) => {
    const { port, mails } = await startSink({ certificate, login, ...options });
    const channel = channelTo(`${scheme}://${credentials}@localhost:${port}`);
    expect(await channel.deliver(singleOf(STRESS_RAISED), never)).toEqual({ outcome: 'delivered' });
    expect(mails).toEqual([expect.objectContaining({ isSecure: true, user: login.user })]);
  });

  it.each(['smtps', 'smtp'])(
    '%s to a certificate that nobody trusts sends nothing, and tries again',
    async (scheme) => {
      const { port, mails } = await startSink({ certificate, login, secure: scheme === 'smtps' });
      const channel = new EmailNotifier(
        receiver(`${scheme}://${credentials}@localhost:${port}`),
        'hr@example.com',
        context,
      );
      expect(await channel.deliver(singleOf(STRESS_RAISED), never)).toMatchObject({
        retryable: true,
        reason: expect.stringMatching(/secure connection|no connection/),
      });
      expect(mails).toEqual([]);
    },
  );

  it('a login that is refused is tried again, and says so', async () => {
    const { port } = await startSink({ certificate, login });
    const channel = channelTo(`smtp://user:wrong@localhost:${port}`);
    expect(await channel.deliver(singleOf(STRESS_RAISED), never)).toEqual({
      outcome: 'failed',
      retryable: true,
      reason: 'SMTP does not take the user and password',
    });
  });

  it('shows no password, however it is printed', () => {
    const channel = channelTo(`smtp://${credentials}@localhost`);
    for (const shown of [inspect(channel, { depth: 9, showHidden: true }), JSON.stringify(channel)])
      expect(shown).not.toMatch(/p@ss|p%40ss/);
  });
});

describe('an attempt that fails', () => {
  it.each([
    [421, true],
    [450, true],
    [451, true],
    [452, true],
    [550, false],
    [552, false],
    [553, false],
    [554, false],
  ])('with %d, at the recipient or at the data, may be made again: %s', async (code, retryable) => {
    const target = await startSink();
    const channel = channelTo(`smtp://127.0.0.1:${target.port}`);
    for (const refuseAt of [{ recipient: code }, { data: code }]) {
      target.refuseAt = refuseAt;
      expect(await channel.deliver(singleOf(STRESS_RAISED), never)).toEqual({
        outcome: 'failed',
        retryable,
        reason: `SMTP ${code}`,
      });
    }
    expect(target.mails).toEqual([]);
  });

  it('for a server that is not there, hangs up, or does not answer is made again', async () => {
    const target = await startSink();
    const { port } = target;
    const outcome = async (timeoutMs: number) =>
      channelTo(`smtp://127.0.0.1:${port}`, { timeoutMs }).deliver(singleOf(STRESS_RAISED), never);
    target.refuseAt = { data: 'cut' };
    expect(await outcome(60_000)).toEqual({ outcome: 'failed', retryable: true, reason: 'no connection' });
    target.refuseAt = { data: 'hang' };
    expect(await outcome(300)).toEqual({ outcome: 'failed', retryable: true, reason: 'no answer in time' });
    await target.stop();
    sink = undefined;
    expect(await outcome(60_000)).toEqual({ outcome: 'failed', retryable: true, reason: 'no connection' });
  });

  describe('at a server that says nothing', () => {
    let mute: Server;
    beforeEach(async () => {
      mute = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
      await once(mute, 'listening');
    });
    afterEach(() => new Promise((resolve) => mute.close(resolve)));

    it.each(['smtp', 'smtps'])('%s: ends in time', async (scheme) => {
      const { port } = mute.address() as AddressInfo;
      const channel = channelTo(`${scheme}://127.0.0.1:${port}`, { timeoutMs: 200 });
      expect(await channel.deliver(singleOf(STRESS_RAISED), never)).toEqual({
        outcome: 'failed',
        retryable: true,
        reason: 'no answer in time',
      });
    });

    it('ends at once when it is called off', async () => {
      const { port } = mute.address() as AddressInfo;
      const aborting = new AbortController();
      mute.once('connection', () => aborting.abort());
      const delivery = channelTo(`smtp://127.0.0.1:${port}`).deliver(
        singleOf(STRESS_RAISED),
        aborting.signal,
      );
      await expect(delivery).rejects.toThrow('aborted');
    });
  });
});
