import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { TestApp } from '../support/app/app.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
let document: OpenAPIObject;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path });
  document = (await (await app.request('/docs-json')).json()) as OpenAPIObject;
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly responses?: Record<string, { content?: Record<string, unknown> }>;
}

function operations(): [string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

describe('the OpenAPI document', () => {
  it('refers to nothing that it does not hold', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    const missing = references
      .map(([, name]) => name ?? '')
      .filter((name) => !document.components?.schemas?.[name]);
    expect(references.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });

  it('says in a sentence what each operation does, under a tag that it explains', () => {
    const tags = new Set(document.tags?.map(({ name }) => name));
    const poor = operations().filter(
      ([, { summary, tags: own }]) =>
        (summary ?? '') === '' || own?.length !== 1 || !own.every((tag) => tags.has(tag)),
    );
    expect(poor.map(([name]) => name)).toEqual([]);
  });

  it('describes every error as problem+json', () => {
    const other = operations().flatMap(([name, { responses = {} }]) =>
      Object.entries(responses)
        .filter(([status]) => Number(status) >= 400)
        .filter(([, { content = {} }]) => Object.keys(content).join() !== 'application/problem+json')
        .map(([status]) => `${name} ${status}`),
    );
    expect(other).toEqual([]);
  });

  it('describes no address that is not there', async () => {
    const absent: string[] = [];
    for (const [name] of operations()) {
      const [method = '', path = ''] = name.split(' ');
      if (path.includes('{')) continue;
      const response = await app.request(path, { method });
      // A stream does not end by itself.
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      const body = isStream ? ((await response.body?.cancel().then(() => '')) ?? '') : await response.text();
      if (response.status === 404 || body.includes('See /docs for the addresses')) absent.push(name);
    }
    expect(absent).toEqual([]);
  });

  it('tells the same under all its addresses', async () => {
    const yaml = await (await app.request('/docs-yaml')).text();
    for (const path of Object.keys(document.paths)) expect(yaml).toContain(path);
  });

  it('lists what the WebSocket sends', () => {
    const text = JSON.stringify(document.paths['/api/v1/ws/alerts']);
    for (const type of [
      'ConnectionMessage',
      'EmployeeStressMessage',
      'DepartmentCriticalMessage',
      'PongMessage',
    ])
      expect(text).toContain(`${type}Dto`);
  });

  // In contract section 8, and not there yet.
});

describe('the pages', () => {
  it.each(['/', '/docs', '/redoc'])(
    '%s loads nothing from, and sends nothing to, another host',
    async (path) => {
      const response = await app.request(path);
      const html = await response.text();
      const assets = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, asset = '']) => asset);
      expect(assets.length).toBeGreaterThan(0);
      for (const asset of assets.filter((one) => !one.startsWith('data:'))) {
        const url = new URL(asset, `${app.url}${path}`);
        expect([url.host, (await fetch(url)).status]).toEqual([new URL(app.url).host, 200]);
      }
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/https?:|\*/);
    },
  );

  it('do not have the document judged elsewhere', async () => {
    const script = await (await app.request('/docs/swagger-ui-init.js')).text();
    expect(script).toMatch(/"validatorUrl":\s*null/);
    expect(await (await app.request('/redoc/redoc.standalone.js')).text()).not.toContain('cdn.redoc.ly');
  });
});
