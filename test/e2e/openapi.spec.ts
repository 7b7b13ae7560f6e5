import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEMS } from '../../src/platform/http/problem.js';
import { ServerProcess } from '../support/app/server-process.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** The built server: the compiler of the tests emits other decorator metadata than the compiler of the build. */
let app: ServerProcess;
let document: OpenAPIObject;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await ServerProcess.start({ DOCS: 'on', DATA_DIR: folder.path });
  document = (await (await app.request('/docs-json')).json()) as OpenAPIObject;
});
afterAll(async () => {
  await app.end('SIGTERM');
  await folder.remove();
});

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly schema?: unknown }[];
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

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object']);
const COMBINATIONS = ['$ref', 'allOf', 'oneOf', 'anyOf'];

/** Whether a schema names a type or builds on another schema. */
function isTyped(schema: Record<string, unknown>): boolean {
  if (COMBINATIONS.some((keyword) => keyword in schema)) return true;
  return TYPES.has(String(schema.type));
}

/** The paths of all schemas in a part of the document that name no type, or one that JSON Schema does not know. */
function untyped(node: unknown, path = '#'): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node as Record<string, unknown>).flatMap(([key, value]) => {
    const here = `${path}/${key}`;
    const isMap = key === 'properties' || (key === 'schemas' && path === '#/components');
    const schemas = isMap
      ? Object.entries(value as Record<string, unknown>).map(([name, schema]) => [`${here}/${name}`, schema])
      : key === 'schema' || key === 'items'
        ? [[here, value]]
        : [];
    const bad = schemas.filter(([, schema]) => !isTyped(schema as Record<string, unknown>));
    return [...bad.map(([name]) => String(name)), ...untyped(value, here)];
  });
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

  it('gives every parameter, property and item a type that JSON Schema knows', () => {
    expect(untyped(document)).toEqual([]);
    // What the compiler's metadata says of a property without a type annotation.
    expect(Object.keys(document.components?.schemas ?? {})).not.toContain('Object');
  });

  it('describes `limit` as an integer in every list', () => {
    const limits = operations().flatMap(([, { parameters = [] }]) =>
      parameters.filter(({ name }) => name === 'limit'),
    );
    expect(limits.length).toBeGreaterThanOrEqual(7);
    for (const { schema } of limits)
      expect(schema).toEqual({ type: 'integer', minimum: 1, maximum: 500, default: 50 });
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
});

describe('the page of problem codes', () => {
  it('is where the type of a problem leads', async () => {
    const { type } = (await (await app.request('/api/v1/alerts/none')).json()) as { type: string };
    expect(type).toBe('/problems#not_found');
    const response = await app.request(type);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    const html = await response.text();
    for (const [code, { title }] of Object.entries(PROBLEMS)) {
      expect(html).toContain(`id="${code}"`);
      expect(html).toContain(`<h2>${title}</h2>`);
    }
    expect(html).not.toMatch(/<script|(src|href)=/);
  });

  it('lets nothing load but its own style', async () => {
    const response = await app.request('/problems');
    const policy = response.headers.get('content-security-policy') ?? '';
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(await response.text()) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${hash}'`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
  });
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
