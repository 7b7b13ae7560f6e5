import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../../support/app/app.js';
import { SECRET_VARIABLES, tokenOf, type Claims } from '../../support/servers/issuer.js';
import { answerOf, openRequest } from '../../support/clients/raw-http.js';
import { surveyCsv, uniform } from '../../support/generators/survey.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

const ROSTER = ['Employee_ID,name,position,division', 'S1,Sam Sales,Rep,Sales', 'L1,Lea Legal,Counsel,Legal'];
const ADMIN = { role: 'admin', sub: 'root' };
const HR = { role: 'hr', sub: 'hera' };
const SERVICE = { role: 'service', sub: 'loader' };
const VIEWER = { role: 'viewer', sub: 'vera' };
const MANAGER = { role: 'manager', sub: 'max', departments: ['sales'] };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
/** Uploads of the service and of hr. */
let [theirs, ours] = ['', ''];
let salesId = '';
let legalId = '';

async function bearer(claims: Claims): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await tokenOf(claims)}` };
}

async function call(
  claims: Claims,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; text: string; headers: Headers }> {
  const headers = {
    ...(await bearer(claims)),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  };
  const answer = await app.request(`/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}
const statusOf = async (claims: Claims, method: string, path: string, body?: object): Promise<number> =>
  (await call(claims, method, path, body)).status;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({
    DOCS: 'on',
    ...SECRET_VARIABLES,
    MANAGERS_SEE_EMPLOYEES: 'true',
    DATA_DIR: folder.path,
  });
  await app.upload(`${ROSTER.join('\n')}\n`, {}, await bearer(HR));
  const survey = surveyCsv([uniform('S1', 1, 'Sales'), uniform('L1', 1, 'Legal')]);
  const bad = `${survey}X1,2025-13-77,Sales${',1'.repeat(15)}\n`;
  theirs = (await app.upload(bad, {}, await bearer(SERVICE))).task_id;
  ours = (await app.upload(survey, { dry_run: 'true' }, await bearer(HR))).task_id;
  const departments = JSON.parse((await call(HR, 'GET', '/departments')).text) as {
    items: { department_id: string; department_name: string }[];
  };
  const idOf = (name: string) =>
    departments.items.find(({ department_name }) => department_name === name)?.department_id ?? '';
  [salesId, legalId] = [idOf('Sales'), idOf('Legal')];
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

describe('a manager', () => {
  it('reads the people of its departments, and finds no others', async () => {
    expect(await statusOf(MANAGER, 'GET', '/employees/S1')).toBe(200);
    expect(await statusOf(MANAGER, 'GET', `/departments/${salesId}`)).toBe(200);
    for (const [kind, id] of [
      ['employees', 'L1'],
      ['departments', legalId],
    ]) {
      const foreign = await call(MANAGER, 'GET', `/${kind ?? ''}/${id ?? ''}`);
      const missing = await call(MANAGER, 'GET', `/${kind ?? ''}/none`);
      expect([foreign.status, foreign.text]).toEqual([404, missing.text.replace('/none', `/${id ?? ''}`)]);
    }
    for (const path of ['/employees?limit=500', '/employees?department=Legal', '/departments']) {
      const { text } = await call(MANAGER, 'GET', path);
      expect(text).not.toMatch(/L1|Lea|Legal/);
    }
  });

  it.each([
    ['POST', '/upload'],
    ['GET', '/uploads'],
    ['POST', '/sync'],
    ['POST', '/risk/evaluate'],
    ['POST', '/alerts/reset'],
    ['PATCH', '/employees/S1'],
    ['PATCH', '/departments/x'],
  ])('may not %s %s', async (method, path) => {
    expect(await statusOf(MANAGER, method, path, method === 'PATCH' ? {} : undefined)).toBe(403);
  });

  it('without departments, or with an empty one, sees nobody', async () => {
    for (const departments of [undefined, [], [''], [' '], 7, { 0: 'Sales' }, [['Sales']]]) {
      const nobody = { ...MANAGER, departments };
      expect(JSON.parse((await call(nobody, 'GET', '/employees')).text)).toMatchObject({ items: [] });
      expect(JSON.parse((await call(nobody, 'GET', '/alerts')).text)).toMatchObject({ items: [] });
    }
  });
});

describe('a viewer', () => {
  it.each(['/employees', '/employees/S1', '/departments', '/uploads', '/upload/status/x'])(
    'may not read %s',
    async (path) => {
      expect(await statusOf(VIEWER, 'GET', path)).toBe(403);
    },
  );

  it('reads the alerts of departments, and of nobody', async () => {
    const { text } = await call(VIEWER, 'GET', '/alerts?limit=500');
    expect(text).toContain('department_critical');
    expect(text).not.toMatch(/S1|L1|Sam|Lea/);
    expect(await statusOf(VIEWER, 'GET', '/alerts?employee_id=S1')).toBe(200);
    expect(JSON.parse((await call(VIEWER, 'GET', '/alerts?employee_id=S1')).text)).toMatchObject({
      items: [],
    });
  });
});

describe('a service', () => {
  it('sees its own uploads, and nothing that they say of alerts', async () => {
    expect(await statusOf(SERVICE, 'GET', `/uploads/${theirs}`)).toBe(200);
    expect(await statusOf(SERVICE, 'GET', `/uploads/${theirs}/errors.csv`)).toBe(200);
    const { text } = await call(SERVICE, 'GET', '/uploads');
    expect(
      (JSON.parse(text) as { items: { task_id: string }[] }).items.map(({ task_id }) => task_id),
    ).toEqual([theirs]);
    const survey = surveyCsv([uniform('S1', 5, 'Sales'), uniform('S2', 1, 'Sales')]);
    const dry = await app.upload(survey, { dry_run: 'true' }, await bearer(SERVICE));
    expect(dry.result).toMatchObject({ preview: { alerts_raised: 1, alerts_cleared: 1, alerts: [] } });
  });

  it.each(['', '/errors.csv', '/undo'])('finds no upload of others: %s', async (suffix) => {
    const method = suffix === '/undo' ? 'POST' : 'GET';
    const foreign = await call(SERVICE, method, `/uploads/${ours}${suffix}`);
    const missing = await call(SERVICE, method, `/uploads/none${suffix}`);
    expect([foreign.status, foreign.text]).toEqual([404, missing.text.replace('none', ours)]);
    expect(await statusOf(HR, 'GET', `/uploads/${theirs}`)).toBe(200);
  });

  it.each(['/alerts', '/alerts/active', '/alerts/stream', '/employees', '/departments', '/risk/rules'])(
    'may not read %s',
    async (path) => {
      expect(await statusOf(SERVICE, 'GET', path)).toBe(403);
    },
  );
});

describe('hr', () => {
  it('sees previews whole', async () => {
    expect((await call(HR, 'GET', `/uploads/${ours}`)).text).toContain('"preview"');
  });

  it.each([
    ['POST', '/sync'],
    ['POST', '/alerts/reset'],
    ['PATCH', '/employees/S1'],
  ])('may not %s %s, as an admin may', async (method, path) => {
    const body = method === 'PATCH' ? {} : undefined;
    expect(await statusOf(HR, method, path, body)).toBe(403);
    expect(await statusOf(ADMIN, method, path, body)).toBe(200);
  });
});

describe('an attempt to inject', () => {
  it('a header by the name of a file, or of an upload, fails', async () => {
    const body = [
      '--x',
      'Content-Disposition: form-data; name="file"; filename="a.csv\r\nX-Injected: 1"',
      'Content-Type: text/csv',
      '',
      'employee_id',
      '--x--',
      '',
    ].join('\r\n');
    const answer = await app.request('/api/v1/upload', {
      method: 'POST',
      headers: { ...(await bearer(HR)), 'Content-Type': 'multipart/form-data; boundary=x' },
      body,
    });
    expect(answer.headers.get('x-injected')).toBeNull();
    const crooked = await call(HR, 'GET', '/uploads/a%0d%0aX-Injected:%201/errors.csv');
    expect([crooked.status, crooked.headers.get('x-injected')]).toEqual([404, null]);
  });

  it('a formula into an error file is escaped', async () => {
    const survey = surveyCsv([uniform('S1', 5)]).replace('2025-03-01', "=cmd|'/c calc'!A1");
    const { task_id } = await app.upload(survey, {}, await bearer(HR));
    expect((await call(HR, 'GET', `/uploads/${task_id}/errors.csv`)).text).toContain(`,"'=cmd|'/c calc'!A1"`);
  });

  it.each([
    '/live/..%2f..%2fpackage.json',
    '/live/%2e%2e/%2e%2e/package.json',
    '/samples/..%2f..%2f.env',
    '/live/..\\..\\package.json',
    '/live/%00main.js',
    '/..%2f..%2fetc%2fpasswd',
    '/docs/..%2f..%2f..%2fpackage.json',
    '//etc/passwd',
  ])('a path to another file finds nothing: %s', async (path) => {
    const { status, body } = await answerOf(openRequest(app.url, { path, headers: ['Connection: close'] }));
    expect([400, 403, 404]).toContain(status);
    expect(body).not.toMatch(/"dependencies"|root:|JWT_SECRET/);
  });

  it.each<[string, string, string | undefined]>([
    ['GET', '/alerts?limit=x', undefined],
    ['GET', '/alerts?cursor=%00', undefined],
    ['GET', '/employees/%ff', undefined],
    ['PATCH', '/employees/S1', '{"stress_rate":"<script>"}'],
    ['PATCH', '/employees/S1', '{'],
    ['PATCH', '/employees/S1', '['.repeat(20_000)],
    ['PATCH', '/employees/__proto__', '{"name":"x"}'],
    ['DELETE', '/alerts', undefined],
    ['GET', '/nowhere', undefined],
    ['POST', '/upload', 'x'],
  ])('%s %s tells no stack, no path and nothing of the server', async (method, path, body) => {
    const answer = await app.request(`/api/v1${path}`, {
      method,
      headers: { ...(await bearer(ADMIN)), 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(text).not.toMatch(/node_modules|\.js:|\.ts:|at .*\(|Error:|<script>/);
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(JSON.parse(text)).toEqual(expect.objectContaining({ code: expect.stringMatching(/^[a-z_]+$/) }));
  });
});

describe('without authentication', () => {
  let open: TestApp;
  beforeAll(async () => {
    open = await TestApp.start({ DATA_DIR: `${folder.path}/open`, ALLOWED_ORIGINS: 'http://localhost:5173' });
  });
  afterAll(() => open.stop());

  const raw = async (...headers: string[]): Promise<number> => {
    const { hostname, port } = new URL(open.url);
    const { connect } = await import('node:net');
    const socket = connect(Number(port), hostname);
    socket.write(['GET /api/v1/alerts HTTP/1.1', 'Connection: close', ...headers, '', ''].join('\r\n'));
    return (await answerOf(socket)).status;
  };

  it.each([
    'evil.example',
    'evil.example:8000',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'localhost.evil.example',
  ])('nobody calls by the name %s that somebody let point here', async (host) => {
    expect(await raw(`Host: ${host}`)).toBe(403);
  });

  it.each(['127.0.0.1:8000', 'localhost', 'localhost:1', '[::1]:8000', 'LOCALHOST'])(
    'whoever calls this machine %s may',
    async (host) => {
      expect(await raw(`Host: ${host}`)).toBe(200);
    },
  );

  it.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['http://127.0.0.1:1', 403],
    ['http://localhost:5173', 200],
    ['http://127.0.0.1:8000', 200],
  ])('a page from %s gets %i', async (origin, status) => {
    expect(await raw('Host: 127.0.0.1:8000', `Origin: ${origin}`)).toBe(status);
  });
});
