import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { TestApp } from '../support/app/app.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DOCS: 'on', DATA_DIR: folder.path });
  await app.upload(surveyCsv([uniform('E1', 1)]));
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

const patch = (body: string): RequestInit => ({
  method: 'PATCH',
  body,
  headers: { 'Content-Type': 'application/json' },
});

describe('errors', () => {
  it.each([
    ['/nope', {}, 404, 'not_found'],
    ['/api/v1/nope', {}, 404, 'not_found'],
    ['/api/v1/employees/nobody', {}, 404, 'not_found'],
    [`/api/v1/employees/${'x'.repeat(3000)}`, {}, 404, 'not_found'],
    ['/api/v1/departments/nobody', {}, 404, 'not_found'],
    ['/api/v1/alerts/12', {}, 404, 'not_found'],
    ['/api/v1/alerts/x', {}, 404, 'not_found'],
    ['/api/v1/upload/status/none', {}, 404, 'not_found'],
    ['/api/v1/employees?limit=0', {}, 400, 'validation_failed'],
    ['/api/v1/employees?limit=501', {}, 400, 'validation_failed'],
    ['/api/v1/employees?limit=ten', {}, 400, 'validation_failed'],
    ['/api/v1/employees?colour=red', {}, 400, 'validation_failed'],
    ['/api/v1/employees?cursor=garbage', {}, 400, 'bad_cursor'],
    ['/api/v1/alerts?cursor=MTpFMQ', {}, 400, 'bad_cursor'],
    ['/api/v1/alerts?since=yesterday', {}, 400, 'validation_failed'],
    ['/api/v1/alerts?type=everything', {}, 400, 'validation_failed'],
    ['/api/v1/employees/E1', patch('{"stress_rate":101}'), 400, 'validation_failed'],
    ['/api/v1/employees/E1', patch('{"stress_rate":"high"}'), 400, 'validation_failed'],
    ['/api/v1/employees/E1', patch('{"salary":1}'), 400, 'validation_failed'],
    ['/api/v1/employees/E1', patch('{"name":""}'), 400, 'validation_failed'],
    ['/api/v1/employees/E1', patch('{'), 400, 'bad_request'],
    ['/api/v1/employees/E1', patch(JSON.stringify({ name: 'x'.repeat(200_000) })), 413, 'body_too_large'],
    ['/api/v1/employees/%zz', {}, 400, 'bad_request'],
    ['/api/v1/departments/dept-sales', patch('{"overall_risk":"bad"}'), 400, 'validation_failed'],
    ['/api/v1/departments/nobody', patch('{"overall_risk":"critical"}'), 404, 'not_found'],
    ['/api/v1/ws/alerts', {}, 426, 'upgrade_required'],
  ])('%s is a problem', async (path, init, status, code) => {
    const response = await app.request(path, init);
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect({ status: response.status, body: JSON.parse(text) as unknown }).toEqual({
      status,
      body: expect.objectContaining({
        type: `/problems#${code}`,
        title: expect.any(String),
        status,
        detail: expect.any(String),
        instance: path.split('?')[0],
        code,
      }),
    });
    expect(text).not.toMatch(/Exception|Error:|\.ts|\.js|node_modules/);
  });

  it('names every field that is wrong', async () => {
    const body: unknown = await (
      await app.request('/api/v1/employees/E1', patch('{"stress_rate":-1,"salary":1}'))
    ).json();
    expect(body).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ field: 'salary' }),
        expect.objectContaining({ field: 'stress_rate' }),
      ]),
    });
  });
});

describe('reads', () => {
  it('shows an employee, and removes a value that a PATCH sets to null', async () => {
    expect(await app.json('GET', '/employees/E1')).toMatchObject({
      employee_id: 'E1',
      department: 'Sales',
      name: null,
      stress_rate: 100,
      engagement_rate: 0,
      dimensions: { enablement: 1, esg: 1 },
      last_submission_date: '2025-03-01',
    });
    expect(
      await app.json('PATCH', '/employees/E1', { attrition_rate: null, location: 'Rome' }),
    ).toMatchObject({ attrition_rate: null, location: 'Rome', stress_rate: 100 });
  });

  it('recomputes the risk of a department whose rates are edited', async () => {
    expect(
      await app.json('PATCH', '/departments/dept-sales', {
        engagement_rate: 90,
        stress_rate: 10,
        attrition_rate: 10,
      }),
    ).toMatchObject({
      overall_risk: 'healthy',
      engagement_score: 90,
    });
    expect(await app.json('POST', '/sync')).toMatchObject({ departments_changed: 1 });
    expect(await app.json('GET', '/departments/dept-sales')).toMatchObject({
      overall_risk: 'critical',
      engagement_score: 0,
    });
  });

  it('tells the rules, and that it is well', async () => {
    expect(await app.json('GET', '/risk/rules')).toMatchObject({
      items: [
        { type: 'employee_stress', enabled: true, threshold: 40, clear_at: 40 },
        { type: 'department_critical', enabled: true },
      ],
    });
    for (const probe of ['live', 'ready'])
      expect(await (await app.request(`/health/${probe}`)).json()).toEqual({ status: 'ok' });
  });
});

describe('the documentation', () => {
  it('describes every address, the upload as multipart, and the WebSocket', async () => {
    const document = (await (await app.request('/docs-json')).json()) as OpenAPIObject;
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations).toEqual(
      expect.arrayContaining(
        [
          'POST /upload',
          'POST /upload/csv',
          'GET /upload/status/{task_id}',
          'GET /uploads',
          'GET /uploads/{id}',
          'POST /sync',
          'POST /risk/evaluate',
          'GET /risk/rules',
          'GET /alerts',
          'GET /alerts/active',
          'GET /alerts/{id}',
          'POST /alerts/reset',
          'GET /employees',
          'GET /employees/{id}',
          'PATCH /employees/{id}',
          'GET /departments',
          'GET /departments/{id}',
          'PATCH /departments/{id}',
          'GET /ws/alerts',
        ].map((operation) => operation.replace(' ', ' /api/v1')),
      ),
    );
    const body: unknown = document.paths['/api/v1/upload']?.post?.requestBody;
    expect(body).toMatchObject({
      content: { 'multipart/form-data': { schema: { properties: { file: { format: 'binary' } } } } },
    });
    expect(document.paths['/api/v1/ws/alerts']?.get?.tags).toEqual(['WebSocket']);
    const untold = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item as Record<string, { responses?: Record<string, { content?: unknown }> }>)
        .filter((operation) => {
          const success = Object.entries(operation.responses ?? {}).find(([status]) => Number(status) < 300);
          return success?.[0] !== '204' && success?.[1].content === undefined;
        })
        .map(() => path),
    );
    expect(untold).toEqual([]);
  });

  it.each(['/', '/docs', '/redoc'])('serves %s without a word of another host', async (path) => {
    const response = await app.request(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await response.text()).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it.each(['/docs-yaml', '/redoc/redoc.standalone.js', '/samples/survey.csv', '/live/main.js'])(
    'serves %s',
    async (path) => {
      expect((await app.request(path)).status).toBe(200);
    },
  );
});
