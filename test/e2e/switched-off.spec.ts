import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { ServerProcess } from '../support/app/server-process.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

const DOCS = [
  '/docs',
  '/docs/',
  '/docs/swagger-ui-init.js',
  '/docs/swagger-ui-bundle.js',
  '/docs-json',
  '/docs-yaml',
  '/redoc',
  '/redoc/init.js',
  '/redoc/redoc.css',
  '/redoc/redoc.standalone.js',
];
const LIVE_PAGE = ['/', '/live/main.js', '/live/icon.svg', '/samples/survey.csv'];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

/** Which of the paths answer exactly as one does that never was. */
async function missing(app: TestApp, paths: readonly string[]): Promise<string[]> {
  const answer = async (path: string) => {
    const response = await app.request(path);
    const type = response.headers.get('content-type') ?? '';
    const headers = [...response.headers.keys(), response.headers.get('content-security-policy')];
    const body: unknown = type.includes('json') ? await response.json() : await response.text();
    return JSON.stringify([response.status, type, headers, body]).replace(`"${path}"`, '"…"');
  };
  const never = await answer('/never');
  expect(never).toMatch(/^\[404,"application\/problem\+json.*"not_found"/);
  const answers = await Promise.all(paths.map(async (path) => [path, await answer(path)] as const));
  return answers.filter(([, text]) => text === never).map(([path]) => path);
}

describe('what is switched off', () => {
  it.each([
    ['nothing', {}, []],
    ['the API description', { DOCS: 'off' }, DOCS],
    ['the live page', { LIVE_PAGE: 'off' }, LIVE_PAGE],
    ['both', { DOCS: 'off', LIVE_PAGE: 'off' }, [...DOCS, ...LIVE_PAGE]],
  ])('is as if it never was: %s', async (_, variables, gone) => {
    const app = await TestApp.start({ DOCS: 'on', DATA_DIR: folder.path, ...variables });
    expect(await missing(app, [...DOCS, ...LIVE_PAGE])).toEqual(gone);
    expect((await app.request('/api/v1/alerts/active')).status).toBe(200);
    await app.stop();
  });
});

describe('the addresses that a start names', () => {
  const named = async (variables: Record<string, string>): Promise<unknown[]> => {
    const server = await ServerProcess.start({ DOCS: '', DATA_DIR: folder.path, ...variables });
    await server.end('SIGTERM');
    return server.lines
      .map((line): unknown => (JSON.parse(line) as { msg: unknown }).msg)
      .filter((message) => String(message).includes('://'))
      .map((message) =>
        String(message)
          .replace(/\s+/g, ' ')
          .replace(/:\d+\//, ':PORT/'),
      );
  };

  it('are those that it has', async () => {
    const webSocket = 'WebSocket ws://127.0.0.1:PORT/api/v1/ws/alerts';
    expect(await named({})).toEqual([
      'Live page http://127.0.0.1:PORT/',
      'API docs http://127.0.0.1:PORT/docs and /redoc',
      webSocket,
    ]);
    expect(await named({ NODE_ENV: 'production' })).toEqual([webSocket]);
  });
});
