import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { answerOf, openRequest } from '../support/clients/raw-http.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path });
  await app.upload(surveyCsv([uniform('E1', 1), uniform('a/b %ü', 5)]));
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

/** What must hold of every error: its form, and nothing of the inside. */
async function problem(response: Response): Promise<{ status: number; code: unknown }> {
  const text = await response.text();
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(text).not.toMatch(/Exception|Error:|\.ts|\.js|node_modules/);
  const body = JSON.parse(text) as { status: number; code: unknown };
  expect(body.status).toBe(response.status);
  return { status: response.status, code: body.code };
}

const patch = (body: string, type = 'application/json') =>
  app.request('/api/v1/employees/E1', { method: 'PATCH', body, headers: { 'Content-Type': type } });

describe('a PATCH', () => {
  it.each([
    ['text/plain', 415, 'unsupported_media_type'],
    ['application/merge-patch+json', 415, 'unsupported_media_type'],
    ['application/xml', 415, 'unsupported_media_type'],
    ['application/json; charset=klingon', 415, 'unsupported_media_type'],
    ['application/x-www-form-urlencoded', 400, 'validation_failed'],
  ])('of the type %s is refused, not ignored', async (type, status, code) => {
    expect(await problem(await patch('{"stress_rate":88}', type))).toEqual({ status, code });
    expect(await app.json('GET', '/employees/E1')).toMatchObject({ stress_rate: 100 });
  });

  it.each([
    ['a list', '[]', 'validation_failed'],
    ['a list of patches', '[{"stress_rate":88}]', 'validation_failed'],
    ['null', 'null', 'bad_request'],
    ['a text', '"stress_rate"', 'bad_request'],
    ['an infinite rate', '{"stress_rate":1e999}', 'validation_failed'],
    ['a rate below 0', '{"stress_rate":-0.1}', 'validation_failed'],
    ['a rate of too many decimals', '{"stress_rate":1.00001}', 'validation_failed'],
    ['a rate that is a list', '{"stress_rate":[5]}', 'validation_failed'],
    ['a name that is too long', `{"name":"${'n'.repeat(257)}"}`, 'validation_failed'],
    ['the id', '{"employee_id":"E2"}', 'validation_failed'],
    ['something nested deeply', `{"name":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'bad_request'],
  ])('of %s changes nothing', async (_, body, code) => {
    expect(await problem(await patch(body))).toEqual({ status: 400, code });
    expect(await app.json('GET', '/employees/E1')).toMatchObject({ stress_rate: 100, name: null });
  });

  it('of names that every object has pollutes nothing', async () => {
    await patch('{"__proto__":{"stress_rate":1},"constructor":{"prototype":{"x":1}}}');
    expect(await app.json('GET', '/employees/E1')).toMatchObject({ stress_rate: 100 });
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });
});

describe('a query', () => {
  it.each(['2026-W01-1', '2026-001', '2026-02-30', '2026-01-01T10', 'now', ''])(
    'for alerts since %j is refused, not ignored',
    async (time) => {
      for (const list of ['alerts', 'alerts/active'])
        for (const field of ['since', 'until'])
          expect(await problem(await app.request(`/api/v1/${list}?${field}=${time}`))).toEqual({
            status: 400,
            code: 'validation_failed',
          });
    },
  );

  it('for alerts between two times finds those in between', async () => {
    const find = async (query: string) =>
      (await app.json<{ items: unknown[] }>('GET', `/alerts?${query}`)).items.length;
    expect(await find('since=2020-01-01')).toBe(2);
    expect(await find('until=2020-01-01T00:00:00%2B02:00')).toBe(0);
    expect(await find('since=2020-01-01T00:00:00.000Z&until=2999-01-01')).toBe(2);
  });

  it.each(['limit=1&limit=2', 'limit[a]=1', 'cursor=a&cursor=b', 'limit=', `cursor=${'x'.repeat(5_000)}`])(
    'of %s is refused',
    async (query) => {
      expect(await problem(await app.request(`/api/v1/employees?${query}`))).toMatchObject({ status: 400 });
    },
  );

  it('with the cursor of another list is refused or empty, never a failure', async () => {
    const cursor = Buffer.from(`1:${'x'.repeat(3_000)}`).toString('base64url');
    for (const list of ['employees', 'departments', 'uploads', 'alerts'])
      expect([200, 400]).toContain((await app.request(`/api/v1/${list}?cursor=${cursor}`)).status);
  });
});

describe('an address', () => {
  it.each([
    ['GET', '/live/..%2f..%2fpackage.json'],
    ['GET', '/samples/..%2fREADME.md'],
    ['GET', '/samples/README.md'],
    ['GET', '/live/%2e%2e%2f%2e%2e%2f.env'],
    ['DELETE', '/api/v1/departments/D1'],
    ['POST', '/api/v1/employees'],
    ['PUT', '/api/v1/employees/E1'],
    ['GET', `/api/v1/uploads/${'u'.repeat(3_000)}`],
    ['GET', `/api/v1/upload/status/${'u'.repeat(3_000)}`],
    ['GET', '/api/v1/alerts/9007199254740993'],
    ['GET', '/api/v1/alerts/-1'],
    ['GET', '/api/v1/alerts/1e3'],
    ['GET', '/api/v1/employees/%00'],
  ])('%s %s is not there', async (method, path) => {
    const answer = await answerOf(openRequest(app.url, { method, path, headers: ['Connection: close'] }));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      404,
      expect.objectContaining({ code: 'not_found', instance: path }),
    ]);
  });

  it('may hold an id of any characters', async () => {
    const id = 'a/b %ü';
    expect(await app.json('GET', `/employees/${encodeURIComponent(id)}`)).toMatchObject({ employee_id: id });
  });

  it('of the WebSocket tells a plain request what to do', async () => {
    const response = await app.request('/api/v1/ws/alerts');
    expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
  });

  // Known: Node hands every request that offers an upgrade to the WebSocket gateway, which knows one path only. Java's
  // HttpClient and `curl --http2` offer h2c by default.
  it.failing('answers a client that offers HTTP/2 on the way', async () => {
    const headers = [
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAARAAAAA',
    ];
    const socket = openRequest(app.url, { path: '/health/live', headers });
    const answer = answerOf(socket);
    socket.end();
    expect(await answer).toMatchObject({ status: 200 });
  });
});
