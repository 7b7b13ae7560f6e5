import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { AuditRetention } from '../../src/platform/audit/audit-log.js';
import type { AuditEntryDto } from '../../src/platform/audit/audit.dto.js';
import { EmployeeStore } from '../../src/storage/ports/entity.store.js';
import { StorageError } from '../../src/storage/ports/storage-error.js';
import { AuditStore } from '../../src/storage/ports/audit.store.js';
import { TestApp, type Variables } from '../support/app/app.js';
import { auditEntry } from '../support/app/audit-entries.js';
import { SECRET, SECRET_VARIABLES, tokenOf } from '../support/servers/issuer.js';
import { WsClient } from '../support/clients/ws-client.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';

/** Everybody has the name of the role. */
const ROLES = ['admin', 'hr', 'manager', 'viewer', 'service'] as const;
type Name = (typeof ROLES)[number];

const CSV = surveyCsv([uniform('E1', 1), uniform('E2', 5, 'Support')]);
const ROSTER = 'Employee_ID,name,division\nE1,Grace Hopper,Sales\n';

/** Who did what to what, and what came of it. */
type Line = readonly [string | null, string, string, string];
const lineOf = ({ subject, action, target, outcome, code }: AuditEntryDto): Line => [
  subject,
  action,
  target,
  code === null ? outcome : `${outcome}: ${code}`,
];

/** The audit log over HTTP, as a whole. */
onEachStorage('the audit log on %s', (install) => {
  let installation: Installation;
  let app: TestApp;
  let tokens: Record<Name, string>;

  beforeEach(async () => {
    installation = await install();
    const all = await Promise.all(
      ROLES.map(async (role) => [role, await tokenOf({ sub: role, role, departments: ['Sales'] })] as const),
    );
    tokens = Object.fromEntries(all) as Record<Name, string>;
    app = await TestApp.start({ ...installation.variables, ...SECRET_VARIABLES });
  });
  afterEach(async () => {
    await app.stop();
    await installation.remove();
  });

  const as = (who: Name) => ({ Authorization: `Bearer ${tokens[who]}` });
  function call(who: Name | undefined, method: string, path: string, body?: unknown): Promise<Response> {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const headers = { ...(who ? as(who) : {}), ...json };
    return app.request(`/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
  async function status(...request: Parameters<typeof call>): Promise<number> {
    const response = await call(...request);
    await response.text();
    return response.status;
  }
  async function upload(who: Name, csv = CSV): Promise<string> {
    const form = new FormData();
    form.set('file', new Blob([csv], { type: 'text/csv' }), 'a.csv');
    const response = await app.request('/api/v1/upload', { method: 'POST', headers: as(who), body: form });
    const { task_id } = (await response.json()) as { task_id: string };
    for (;;) {
      const upload = (await (await call(who, 'GET', `/upload/status/${task_id}`)).json()) as {
        status: string;
      };
      if (upload.status === 'completed') return task_id;
    }
  }
  async function page(query = ''): Promise<{ items: AuditEntryDto[]; next_cursor: string | null }> {
    const response = await call('admin', 'GET', `/audit${query}`);
    if (response.status !== 200) throw new Error(`The audit log answered ${response.status}`);
    return (await response.json()) as Awaited<ReturnType<typeof page>>;
  }
  /** Every line, oldest first, once what the application had in mind is kept. */
  async function everything(): Promise<AuditEntryDto[]> {
    app = await app.restart();
    const { items, next_cursor } = await page('?limit=500');
    expect(next_cursor).toBeNull();
    return items.toReversed();
  }
  const lines = async () => (await everything()).map(lineOf);

  it('tells who opened a WebSocket, and of whom was refused one', async () => {
    const url = `${app.url.replace('http', 'ws')}/api/v1/ws/alerts`;
    const client = await WsClient.connect(url, [], as('viewer'));
    await expect(WsClient.connect(url, [], as('service'))).rejects.toThrow();
    await expect(WsClient.connect(`${url}?token=${tokens.hr}`)).rejects.toThrow();
    await expect(
      WsClient.connect(url, [], { ...as('hr'), Origin: 'https://evil.example' }),
    ).rejects.toThrow();
    await client.close();
    expect(await lines()).toEqual([
      ['viewer', 'alerts.connect', 'ws/alerts', 'allowed'],
      [null, 'alerts.connect', 'ws/alerts', 'refused: forbidden'],
      [null, 'alerts.connect', 'ws/alerts', 'refused: unauthenticated'],
      [null, 'alerts.connect', 'ws/alerts', 'refused: foreign_origin'],
    ]);
  });

  it('tells of everything that is to be told once, and of nothing else', async () => {
    const id = await upload('service');
    const [first] = ((await (await call('hr', 'GET', '/alerts')).json()) as { items: { id: string }[] })
      .items;
    const alert = first?.id ?? '';
    const quiet = ['/uploads', `/uploads/${id}`, '/departments', '/departments/dept-sales', '/risk/rules'];
    for (const path of quiet) expect(await status('admin', 'GET', path)).toBe(200);
    expect(await status('viewer', 'GET', '/alerts')).toBe(200);
    expect(await status('manager', 'GET', '/alerts/active')).toBe(200);
    expect(await status('admin', 'PATCH', '/employees/E1', { stress_rate: 'much' })).toBe(400);
    const told: [number, ...Parameters<typeof call>][] = [
      [200, 'hr', 'GET', '/employees?department=Sales'],
      [200, 'hr', 'GET', '/employees/E1?secret=1'],
      [200, 'hr', 'GET', '/alerts/active'],
      [200, 'hr', 'GET', `/alerts/${alert}`],
      [200, 'hr', 'GET', `/uploads/${id}/errors.csv`],
      [200, 'admin', 'PATCH', '/employees/E1', { stress_rate: 77.7 }],
      [200, 'admin', 'PATCH', '/departments/dept-sales', { stress_rate: 12.3 }],
      [200, 'admin', 'POST', '/sync'],
      [200, 'admin', 'POST', '/risk/evaluate'],
      [200, 'admin', 'POST', '/alerts/reset'],
      [200, 'admin', 'DELETE', '/employees/E2?mode=erase'],
      [202, 'hr', 'POST', `/uploads/${id}/undo`],
    ];
    for (const [expected, ...request] of told) expect(await status(...request)).toBe(expected);
    const stream = await call('viewer', 'GET', '/alerts/stream?types=department_critical');
    await stream.body?.cancel();
    await page();
    expect(await lines()).toEqual([
      ['service', 'uploads.create', `uploads/${id}`, 'allowed'],
      ['hr', 'alerts.read', 'alerts', 'allowed'],
      ['hr', 'employees.read', 'employees', 'allowed'],
      ['hr', 'employees.read', 'employees/E1', 'allowed'],
      ['hr', 'alerts.read', 'alerts/active', 'allowed'],
      ['hr', 'alerts.read', `alerts/${alert}`, 'allowed'],
      ['hr', 'uploads.read_errors', `uploads/${id}/errors.csv`, 'allowed'],
      ['admin', 'employees.edit', 'employees/E1', 'allowed'],
      ['admin', 'departments.edit', 'departments/dept-sales', 'allowed'],
      ['admin', 'sync.run', 'sync', 'allowed'],
      ['admin', 'risk.evaluate', 'risk', 'allowed'],
      ['admin', 'alerts.reset', 'alerts', 'allowed'],
      ['admin', 'employees.remove', 'employees/E2', 'allowed'],
      ['hr', 'uploads.undo', `uploads/${id}`, 'allowed'],
      ['viewer', 'alerts.connect', 'alerts/stream', 'allowed'],
      ['admin', 'audit.read', 'audit', 'allowed'],
    ]);
  });

  it('tells who was refused, and what they asked for', async () => {
    const told: [number, ...Parameters<typeof call>][] = [
      [401, undefined, 'GET', '/employees/E1'],
      [401, undefined, 'GET', '/uploads'],
      [401, undefined, 'GET', '/alerts/stream'],
      [403, 'viewer', 'PATCH', '/employees/E1', { stress_rate: 1 }],
      [403, 'service', 'GET', '/audit'],
      [403, 'viewer', 'GET', '/UPLOADS/secret'],
      [404, 'manager', 'GET', '/employees/E2'],
      [404, 'hr', 'GET', `/employees/${encodeURIComponent('Ada Lovelace')}`],
      [404, 'hr', 'GET', `/employees/${tokens.hr.slice(0, 250)}`],
    ];
    for (const [expected, ...request] of told) expect(await status(...request)).toBe(expected);
    const all = await everything();
    expect(all.map(lineOf)).toEqual([
      [null, 'employees.read', 'employees', 'refused: unauthenticated'],
      [null, 'requests.other', 'uploads', 'refused: unauthenticated'],
      [null, 'alerts.connect', 'alerts/stream', 'refused: unauthenticated'],
      ['viewer', 'employees.edit', 'employees/E1', 'refused: forbidden'],
      ['service', 'audit.read', 'audit', 'refused: forbidden'],
      ['viewer', 'requests.other', 'uploads', 'refused: forbidden'],
      ['manager', 'employees.read', 'employees/E2', 'refused: not_found'],
      ['hr', 'employees.read', 'employees', 'refused: not_found'],
      ['hr', 'employees.read', 'employees', 'refused: not_found'],
    ]);
    expect(all.map(({ role }) => role)).toEqual(all.map(({ subject }) => subject));
    expect(new Set(all.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']));
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => new Date(at).toISOString()).sort());
  });

  it('tells of a change that broke off, for a part of it may be done', async () => {
    await upload('hr');
    jest
      .spyOn(app.nest.get(EmployeeStore), 'mutate')
      .mockImplementation(() => Promise.reject(new StorageError('write Employees', new Error('gone'))));
    expect(await status('admin', 'PATCH', '/employees/E1', { stress_rate: 3 })).toBe(503);
    expect((await lines()).slice(1)).toEqual([
      ['admin', 'employees.edit', 'employees/E1', 'allowed: storage_unavailable'],
    ]);
  });

  it('tells the address that a trusted proxy tells, if it is one', async () => {
    app = await restartWith({ TRUSTED_PROXIES: '127.0.0.1' });
    for (const address of ['203.0.113.7', '2001:db8::7', tokens.hr]) {
      const headers = { ...as('hr'), 'X-Forwarded-For': `198.51.100.1, ${address}` };
      await (await app.request('/api/v1/employees', { headers })).text();
      await (await app.request('/api/v1/employees', { headers: { 'X-Forwarded-For': address } })).text();
    }
    const all = await everything();
    const known = ['203.0.113.7', '2001:db8::7', 'unknown'];
    expect(all.map(({ address }) => address)).toEqual(known.flatMap((address) => [address, address]));
  });

  it('is bounded when somebody is refused again and again, and tells how often', async () => {
    for (let time = 0; time < 40; time += 1) expect(await status(undefined, 'GET', '/employees')).toBe(401);
    const all = await everything();
    expect(all.slice(0, 10).map(lineOf)).toEqual(
      Array<Line>(10).fill([null, 'employees.read', 'employees', 'refused: unauthenticated']),
    );
    expect(
      all.slice(10).map(({ action, outcome, count, address }) => [action, outcome, count, address]),
    ).toEqual([['requests.more', 'refused', 30, '127.0.0.1']]);
  });

  it('tells whose request was one too many', async () => {
    app = await restartWith({ REQUESTS_PER_MINUTE: '3' });
    const statuses = [];
    for (let time = 0; time < 5; time += 1) statuses.push(await status('hr', 'GET', '/employees/E1'));
    expect(statuses).toEqual([404, 404, 404, 429, 429]);
    app = await restartWith({});
    expect(
      (await lines()).filter(([, , , outcome]) => outcome.includes('429') || outcome.includes('many')),
    ).toEqual(Array<Line>(2).fill(['hr', 'employees.read', 'employees', 'refused: too_many_requests']));
  });
  async function restartWith(variables: Variables): Promise<TestApp> {
    await app.stop();
    return TestApp.start({ ...installation.variables, ...SECRET_VARIABLES, ...variables });
  }

  it('holds no token, no score, no name and no query', async () => {
    await upload('hr');
    await upload('hr', ROSTER);
    await status('admin', 'PATCH', '/employees/E1', { stress_rate: 77.7, position: 'Rear Admiral' });
    await status('hr', 'GET', '/employees?department=Sales');
    await status('hr', 'GET', '/employees/E1');
    await status('hr', 'GET', '/alerts/active?department=Sales');
    await status(undefined, 'GET', `/employees/${tokens.hr}?access_token=${tokens.hr}`);
    const text = JSON.stringify(await everything());
    for (const part of [...Object.values(tokens).flatMap((token) => token.split('.')), SECRET])
      expect(text).not.toContain(part);
    expect(text).not.toMatch(/Hopper|Admiral|77\.7|stress|rate|Sales|\?|Bearer|access_token/i);
  });

  it('is read by administrators alone, by filters and page by page', async () => {
    for (const who of ['hr', 'manager', 'viewer', 'service'] as const)
      expect(await status(who, 'GET', '/audit')).toBe(403);
    for (const path of ['/employees', '/employees/E1', '/employees/E12']) await status('hr', 'GET', path);
    await status('admin', 'POST', '/risk/evaluate');
    const all = (await everything()).toReversed();
    expect(all).toHaveLength(8);
    const found = async (query: string) => {
      const { items } = await page(`?limit=500&until=${new Date(boundary).toISOString()}&${query}`);
      return items;
    };
    const boundary = Date.parse(all[0]?.at ?? '') + 1;
    const select = (is: (entry: AuditEntryDto) => boolean) => all.filter(is);
    expect(await found('subject=hr')).toEqual(select(({ subject }) => subject === 'hr'));
    expect(await found('action=audit.read')).toEqual(select(({ action }) => action === 'audit.read'));
    expect(await found('outcome=allowed')).toEqual(select(({ outcome }) => outcome === 'allowed'));
    expect(await found('target=employees')).toHaveLength(3);
    expect((await found('target=employees/E1')).map(({ target }) => target)).toEqual(['employees/E1']);
    expect(await found('subject=hr&outcome=refused&action=audit.read')).toHaveLength(1);
    const middle = all[3]?.at ?? '';
    expect(await found(`since=${middle}`)).toEqual(select(({ at }) => at >= middle));
    const before = await page(`?limit=500&until=${middle}`);
    expect(before.items).toEqual(select(({ at }) => at < middle));

    const paged: AuditEntryDto[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next = await page(`?limit=3&target=employees${cursor && `&cursor=${cursor}`}`);
      expect(next.items.length).toBeLessThanOrEqual(3);
      paged.push(...next.items);
      cursor = next.next_cursor;
    }
    expect(paged).toEqual(select(({ target }) => target.startsWith('employees')));
    const bad = ['action=rm', 'outcome=maybe', 'since=monday', 'limit=0', 'cursor=MTp4', 'nothing=1'];
    for (const query of bad) expect(await status('admin', 'GET', `/audit?${query}`)).toBe(400);
  });

  it('is changed by no request', async () => {
    await status('hr', 'GET', '/employees');
    const [entry] = await everything();
    const before = await page('?action=employees.read');
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      for (const path of ['/audit', `/audit/${entry?.id ?? ''}`])
        expect(await status('admin', method, path, {})).toBe(404);
    expect(await page('?action=employees.read')).toEqual(before);
    expect(before.items).toEqual([entry]);
  });

  it('forgets what is older than its retention', async () => {
    const store = app.nest.get(AuditStore);
    const [old, young] = [366, 364].map((days) => auditEntry(Date.now() - days * 86_400_000));
    if (!old || !young) throw new Error('There are two');
    await store.append([old, young]);
    await app.nest.get(AuditRetention).removeExpired();
    expect((await page()).items.map(({ id }) => id)).toEqual([young.id]);
  });

  it('that cannot be written fails changes, fails no reads, and is made up for', async () => {
    await upload('hr');
    const store = app.nest.get(AuditStore);
    const append = jest
      .spyOn(store, 'append')
      .mockImplementation(() => Promise.reject(new StorageError('keep the audit log', new Error('full'))));
    expect(await status('hr', 'GET', '/employees/E1')).toBe(200);
    const answer = await call('admin', 'PATCH', '/employees/E1', { stress_rate: 3 });
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'storage_unavailable' }]);
    expect(await status('hr', 'GET', '/employees')).toBe(200);
    append.mockRestore();
    expect((await lines()).slice(1)).toEqual([
      ['hr', 'employees.read', 'employees/E1', 'allowed'],
      ['admin', 'employees.edit', 'employees/E1', 'allowed'],
      ['hr', 'employees.read', 'employees', 'allowed'],
    ]);
  });
});
