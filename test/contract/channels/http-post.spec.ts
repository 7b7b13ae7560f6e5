import { Agent } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from '@jest/globals';
import { failureOf, postHttp, type HttpAnswer } from '../../../src/delivery/channels/http/http-client.js';
import { Clock } from '../../../src/lib/clock.js';
import { RawSink } from '../../support/servers/raw-sink.js';

const agent = new Agent({ keepAlive: true });
let sink: RawSink | undefined;

afterEach(async () => {
  agent.destroy();
  await sink?.stop();
});

function post(timeoutMs: number, signal = new AbortController().signal): Promise<HttpAnswer> {
  if (!sink) throw new Error('no sink');
  return postHttp({ url: new URL(sink.url), headers: {}, body: '{}', timeoutMs, agent, signal }, new Clock());
}

/** What an attempt fails with. */
async function failed(attempt: Promise<HttpAnswer>): Promise<unknown> {
  return attempt.then(
    () => {
      throw new Error('there was an answer');
    },
    (error: unknown) => error,
  );
}

describe('one attempt over HTTP', () => {
  it('ends in time even while garbage is collected', async () => {
    sink = await RawSink.start(() => undefined);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const attempt = failed(post(100));
    const ended = attempt.then(() => 'ended');
    // Far longer than the time-out: without one this fails instead of hanging.
    const patience = performance.now() + 10_000;
    while (performance.now() < patience && (await Promise.race([ended, nextTurn('open')])) === 'open') {
      collect();
    }
    expect(await Promise.race([ended, nextTurn('open')])).toBe('ended');
    expect(failureOf(await attempt, new AbortController().signal)).toEqual({
      outcome: 'failed',
      retryable: true,
      reason: 'no answer in time',
    });
  });

  it('takes a change of protocol for an answer, and lets go of the connection', async () => {
    sink = await RawSink.start((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    );
    expect(await post(60_000)).toEqual({ status: 101, body: '' });
    await sink.left();
  });

  it('is over at once when it is stopped, also amid an answer', async () => {
    const stop = new AbortController();
    sink = await RawSink.start((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', () => stop.abort());
    });
    const error = await failed(post(60_000, stop.signal));
    expect(() => failureOf(error, stop.signal)).toThrow('aborted');
    await sink.left();
  });
});
