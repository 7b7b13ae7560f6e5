import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '../platform/http/problem.js';
import { PROBLEMS } from '../http/problem-codes.js';
import { NO_STORE, STRICT_POLICY } from '../platform/http/security-headers.js';
import { PROBLEM_TYPE, problemBody } from '../platform/http/problem-response.js';

/** A peer that does not take the refusal is cut off after this long. */
const LINGER_MS = 2_000;

/** Answers a request for an upgrade with a problem, and ends the connection. */
export function refuseUpgrade(socket: Duplex, url: string, problem: Problem): void {
  const { status } = PROBLEMS[problem.code];
  const body = JSON.stringify(problemBody(problem, url));
  const headers = {
    ...problem.extras.headers,
    Connection: 'close',
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
    // No middleware comes by here.
    'Cache-Control': NO_STORE,
    'Content-Security-Policy': STRICT_POLICY,
    'X-Content-Type-Options': 'nosniff',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
