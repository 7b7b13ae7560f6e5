import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ConflictException, Logger, NotFoundException } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import express from 'express';
import { ListenerError } from '../../../../src/platform/events/domain-events.js';
import { ProblemFilter } from '../../../../src/platform/http/problem.filter.js';
import { Problem } from '../../../../src/platform/http/problem.js';
import { StorageError } from '../../../../src/storage/ports/storage-error.js';

Logger.overrideLogger(false);

const SECRET = 'connect ECONNREFUSED 10.0.0.7:8000 for ada@example.com';
const storageFailure = new StorageError('read employees', new Error(SECRET));
let thrown: unknown;
let server: Server;
let url: string;

beforeAll(async () => {
  const app = express();
  const filter = new ProblemFilter();
  app.use((request, response) => filter.catch(thrown, new ExecutionContextHost([request, response])));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/things/7`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function answerTo(error: unknown): Promise<{ response: Response; text: string }> {
  thrown = error;
  const response = await fetch(`${url}?token=t0p`);
  return { response, text: await response.text() };
}

describe('ProblemFilter', () => {
  it.each([
    ['a problem', new Problem('bad_cursor', 'Use another.'), 400, 'bad_cursor'],
    ["Nest's own 404", new NotFoundException('Cannot GET /x'), 404, 'not_found'],
    ['a status that the API does not have', new ConflictException(), 500, 'internal_error'],
    ['an error of ours', new TypeError(SECRET), 500, 'internal_error'],
    ['no error at all', 'text', 500, 'internal_error'],
    ['a failing store', storageFailure, 503, 'storage_unavailable'],
    [
      'a failing store below listeners',
      new ListenerError([new TypeError(SECRET), new ListenerError([storageFailure])]),
      503,
      'storage_unavailable',
    ],
    [
      'what a stop interrupted',
      new ListenerError([new ListenerError([AbortSignal.abort().reason])]),
      503,
      'server_stopping',
    ],
    ['a failing listener', new ListenerError([new TypeError(SECRET)]), 500, 'internal_error'],
  ])('answers %s with its status and code, and tells nothing more', async (_, error, status, code) => {
    const { response, text } = await answerTo(error);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.parse(text)).toEqual({
      type: `/problems#${code}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      instance: '/api/v1/things/7',
      code,
    });
    expect([response.status, text.includes(SECRET), /Error|Exception|token|t0p/.test(text)]).toEqual([
      status,
      false,
      false,
    ]);
  });

  it.each([
    ['a failing store', storageFailure, 1],
    ['an error of ours', new TypeError(SECRET), 1],
    ["a caller's mistake", new Problem('bad_cursor', 'Use another.'), 0],
    ['a server that is full', new Problem('too_many_connections', 'Later.'), 0],
    ['a server that stops', new Problem('server_stopping', 'Later.'), 0],
    ['what a stop interrupted', AbortSignal.abort().reason, 0],
  ])('logs faults, not refusals, as errors: %s', async (_, error, times) => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockClear();
    await answerTo(error);
    expect(logged).toHaveBeenCalledTimes(times);
  });

  it('says when to come back after an outage', async () => {
    expect((await answerTo(storageFailure)).response.headers.get('retry-after')).toBe('5');
  });

  it('carries the headers and field errors of a problem', async () => {
    const errors = [{ field: 'limit', message: 'limit must not be less than 1' }];
    const { response, text } = await answerTo(
      new Problem('validation_failed', 'Correct it.', { errors, headers: { 'X-Hint': 'yes' } }),
    );
    expect([response.headers.get('x-hint'), JSON.parse(text)]).toEqual([
      'yes',
      expect.objectContaining({ errors }),
    ]);
  });
});
