import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { WebhookNotifier } from '../../../src/delivery/channels/webhook/webhook.notifier.js';
import { STRESS_RAISED, notificationOf } from '../../support/generators/notifications.js';
import { RawSink } from '../../support/servers/raw-sink.js';
import { WebhookHarness, type WebhookSettings } from '../../support/app/webhook-harness.js';

const TOLD = notificationOf([STRESS_RAISED]);
const SIGNAL = new AbortController().signal;

const room = new WebhookHarness();
let raw: RawSink | undefined;

afterEach(async () => {
  await room.close();
  await raw?.stop();
  raw = undefined;
});

/** A channel whose receiver answers with these bytes, or does what else is said. */
async function channelToRaw(
  answer: string | ((socket: Socket) => void),
  settings: WebhookSettings = {},
): Promise<{ raw: RawSink; channel: WebhookNotifier }> {
  raw = await RawSink.start((socket) => {
    if (typeof answer === 'string') socket.write(answer);
    else answer(socket);
  });
  return { raw, channel: room.channelTo(raw.url, settings) };
}

describe('a receiver that misbehaves', () => {
  const LATE = { outcome: 'failed', retryable: true, reason: 'no answer in time' };
  const CUT = { outcome: 'failed', retryable: true, reason: 'no connection (ECONNRESET)' };
  const soon = { timeoutMs: 50 };

  it.each([
    ['says nothing', ''],
    ['never ends its head', 'HTTP/1.1 200 OK\r\nX-A: b\r\n'],
    ['never ends its body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'],
    ['never says more than "go on"', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n'],
  ])('is given up after the time-out when it %s', async (_, answer) => {
    const { raw, channel } = await channelToRaw(answer, soon);
    expect(await channel.deliver(TOLD, SIGNAL)).toEqual(LATE);
    await raw.left();
  });

  it.each([
    ['hangs up', ''],
    ['hangs up amid its head', 'HTTP/1.1 200 OK\r\nX-A'],
    ['hangs up amid its body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'],
  ])('is tried again when it %s', async (_, answer) => {
    const { channel } = await channelToRaw((socket) => socket.end(answer));
    expect(await channel.deliver(TOLD, SIGNAL)).toEqual(CUT);
  });

  it('is tried again when nobody listens', async () => {
    const { raw: gone, channel } = await channelToRaw('');
    await gone.stop();
    raw = undefined;
    const refused = { ...CUT, reason: 'no connection (ECONNREFUSED)' };
    expect(await channel.deliver(TOLD, SIGNAL)).toEqual(refused);
  });

  it.each([
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'no connection (HPE_INVALID_CONSTANT)'],
    [
      'has an endless head',
      `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(20_000)}`,
      'no connection (HPE_HEADER_OVERFLOW)',
    ],
  ])('is tried again when it %s', async (_, answer, reason) => {
    const { raw, channel } = await channelToRaw(answer);
    expect(await channel.deliver(TOLD, SIGNAL)).toEqual({ ...CUT, reason });
    await raw.left();
  });

  it.each([
    [
      'first says "go on"',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
      { outcome: 'delivered' },
    ],
    [
      'changes the protocol',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      { outcome: 'failed', retryable: false, reason: 'HTTP 101' },
    ],
  ])('is understood when it %s', async (_, answer, outcome) => {
    const { channel } = await channelToRaw(answer);
    expect(await channel.deliver(TOLD, SIGNAL)).toEqual(outcome);
  });

  it('is read for no more than 4 KB, and let go of', async () => {
    const part = Buffer.alloc(1_024, 'a');
    const { raw, channel } = await channelToRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      // As much as the other side takes, until it goes away.
      const more = () => {
        while (!socket.destroyed && socket.write(part));
      };
      socket.on('drain', more);
      more();
    });
    expect(await channel.deliver(TOLD, SIGNAL)).toEqual({ outcome: 'delivered' });
    await raw.left();
  });
});

describe('the connection', () => {
  const OK = 'HTTP/1.1 204 No Content\r\n\r\n';
  const answerAll = (socket: Socket) => {
    socket.write(OK);
    socket.on('data', () => socket.write(OK));
  };

  it('is used again, and let go of in the end', async () => {
    const { raw, channel } = await channelToRaw(answerAll);
    for (let round = 0; round < 5; round += 1)
      expect(await channel.deliver(TOLD, SIGNAL)).toEqual({ outcome: 'delivered' });
    expect(raw.connections).toBe(1);
    await channel.close();
    await raw.left();
  });

  it('is cut when the work is stopped, which is no failure of the receiver', async () => {
    const stop = new AbortController();
    const { raw, channel } = await channelToRaw(() => stop.abort());
    await expect(channel.deliver(TOLD, stop.signal)).rejects.toThrow('aborted');
    await raw.left();
    await expect(channel.deliver(TOLD, stop.signal)).rejects.toThrow('aborted');
    expect(raw.connections).toBe(1);
  });
});
