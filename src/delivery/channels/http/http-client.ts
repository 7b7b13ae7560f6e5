import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../../../lib/clock.js';
import { codeOf } from '../../../lib/error-code.js';
import { type Delivery, DELIVERED } from '../notifier.js';

/** The part of an answer that is read. */
const ANSWER_BYTES = 4_096;

/** The answer of a peer. `body` is its beginning; it may hold anything, so it is never logged or shown. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs?: number;
}

export interface HttpMessage {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly timeoutMs: number;
  readonly agent: http.Agent;
  readonly signal: AbortSignal;
}

/** Sends one message and reads the answer; redirects are answers like others. Rejects when there is none in time. */
export function postHttp(message: HttpMessage, clock: Clock): Promise<HttpAnswer> {
  const { url, body, agent, signal, timeoutMs } = message;
  const headers = { ...message.headers, 'Content-Length': String(Buffer.byteLength(body)) };
  const { request } = url.protocol === 'https:' ? https : http;
  let timer: NodeJS.Timeout | undefined;
  const answered = new Promise<HttpAnswer>((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, agent, signal }, (response) => {
      readStart(response).then((text) => {
        const retryAfterMs = parseRetryAfter(response.headers['retry-after'], clock.now());
        const answer = { status: response.statusCode ?? 0, body: text };
        resolve(retryAfterMs === undefined ? answer : { ...answer, retryAfterMs });
      }, reject);
    });
    // Covers name, connection, request and answer. Not AbortSignal.any(…timeout…): Node 20 may collect such a signal as
    // garbage before it fires, and the attempt would never end.
    timer = setTimeout(() => {
      reject(new TimeoutError());
      outgoing.destroy();
    }, timeoutMs);
    // An upgrade without a listener would close the connection without an error, and the attempt would never end.
    outgoing.on('upgrade', ({ statusCode = 0 }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, body: '' });
    });
    outgoing.on('error', (error) => reject(signal.aborted ? abortOf(signal) : error));
    outgoing.end(body);
  });
  return answered.finally(() => clearTimeout(timer));
}

/**
 * The result of an attempt without an answer: it may be retried. Throws the abort when `signal` fired, because a stop is
 * not a failure of the peer.
 */
export function failureOf(error: unknown, signal: AbortSignal): Delivery {
  signal.throwIfAborted();
  if (error instanceof Error && error.name === 'TimeoutError')
    return { outcome: 'failed', retryable: true, reason: 'no answer in time' };
  return { outcome: 'failed', retryable: true, reason: `no connection (${codeOf(error) ?? 'no code'})` };
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

function abortOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}

async function readStart(response: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    if (!Buffer.isBuffer(part)) continue;
    parts.push(part);
    bytes += part.length;
    if (bytes >= ANSWER_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8', 0, ANSWER_BYTES);
}

/** Statuses that mean "not now". Another attempt gets the same answer for any other 4xx. */
const RETRYABLE = new Set([408, 425, 429]);

/** What a status means for every channel without rules of its own: 2xx is delivered; 3xx is never followed. */
export function deliveryOf({ status, retryAfterMs }: HttpAnswer): Delivery {
  if (status >= 200 && status < 300) return DELIVERED;
  const retryable = status >= 500 || RETRYABLE.has(status);
  return {
    outcome: 'failed',
    retryable,
    reason: `HTTP ${status}`,
    ...(retryable && retryAfterMs !== undefined ? { retryAfterMs } : {}),
  };
}

/** The longest pause that a peer gets: one that asks for a year would get no alert any more. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * `Retry-After` in milliseconds from `now`, an hour at most: seconds, or a date of HTTP. Undefined when it is neither, or
 * past.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return wait > 0 ? Math.min(wait, LONGEST_RETRY_AFTER_MS) : undefined;
}
