import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { answerOf, openRequest } from '../support/clients/raw-http.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

const STRICT = "default-src 'none'; frame-ancestors 'none'";
const ON_EVERY_ANSWER = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DOCS: 'on', DATA_DIR: folder.path });
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

const ask = (path: string, init?: RequestInit) => () => app.request(path, init);
const ANSWERS: [what: string, ask: () => Promise<Response>, status: number][] = [
  ['JSON', ask('/api/v1/alerts/active'), 200],
  ['a problem', ask('/api/v1/alerts/none'), 404],
  ['a path that is not there', ask('/nothing'), 404],
  ['a path below the prefix that is not there', ask('/api/v1/nothing'), 404],
  [
    'a body that is not JSON',
    ask('/api/v1/employees/E1', {
      method: 'PATCH',
      body: '{',
      headers: { 'Content-Type': 'application/json' },
    }),
    400,
  ],
  ['an upload', () => app.post(surveyCsv([uniform('E1', 1)])), 202],
  ['the event stream', ask('/api/v1/alerts/stream'), 200],
  ['a probe', ask('/health/live'), 200],
  ['metrics', ask('/metrics'), 200],
  ['the API description', ask('/docs-json'), 200],
  ['a script of the live page', ask('/live/main.js'), 200],
  ['the service worker of the live page', ask('/live/service-worker.js'), 200],
  ['a sample', ask('/samples/survey.csv'), 200],
];
const PAGES: [what: string, ask: () => Promise<Response>, status: number][] = [
  ['the live page', ask('/'), 200],
  ['Swagger UI', ask('/docs'), 200],
  ['ReDoc', ask('/redoc'), 200],
];

describe('the headers', () => {
  it.each([...ANSWERS, ...PAGES])('of %s keep browsers in check', async (_, answer, status) => {
    const { status: got, headers, body } = await answer();
    await body?.cancel();
    expect(got).toBe(status);
    expect(Object.fromEntries(headers)).toMatchObject(ON_EVERY_ANSWER);
    for (const absent of ['x-powered-by', 'strict-transport-security'])
      expect(headers.get(absent)).toBeNull();
  });

  it.each(ANSWERS)('of %s let it load nothing', async (_, answer) => {
    const { headers, url, body } = await answer();
    await body?.cancel();
    expect(headers.get('content-security-policy')).toBe(STRICT);
    if (new URL(url).pathname.startsWith('/api/v1/')) expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each(PAGES)('of %s let it load what is its own, and nobody frame it', async (_, answer) => {
    const { headers, body } = await answer();
    await body?.cancel();
    const policy = headers.get('content-security-policy')?.split('; ') ?? [];
    for (const directive of ["default-src 'self'", "frame-ancestors 'none'", "object-src 'none'"])
      expect(policy).toContain(directive);
    expect(policy.join()).not.toMatch(/https?:|\*|unsafe-eval|script-src/);
  });

  it('of an upgrade that is refused are no weaker', async () => {
    const headers = ['Connection: Upgrade', 'Upgrade: websocket', 'Origin: https://evil.example.com'];
    const { status, head } = await answerOf(openRequest(app.url, { path: '/api/v1/ws/alerts', headers }));
    expect(status).toBe(403);
    const lines = head.toLowerCase().split('\r\n');
    for (const line of [
      `content-security-policy: ${STRICT}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
    ])
      expect(lines).toContain(line);
  });
});
