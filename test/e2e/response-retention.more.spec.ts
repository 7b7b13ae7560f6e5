import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../src/lib/clock.js';
import { ResponseRetention } from '../../src/people/privacy/response-retention.js';
import { SurveyResponseStore } from '../../src/storage/ports/survey-response.store.js';
import { TestApp } from '../support/app/app.js';
import { companyAt, expectedCompany } from '../support/oracles/company.js';
import { eventually } from '../support/app/eventually.js';
import { ServerClient } from '../support/app/server-client.js';
import { ServerProcess } from '../support/app/server-process.js';
import { inProject } from '../support/project.js';
import { installEmbedded, onEachStorage, type Installation } from '../support/storage/storages.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import type { Frame } from '../support/clients/ws-client.js';

const DAY = 86_400_000;
const at = (date: string) => Date.parse(date);

onEachStorage('survey responses past their retention on %s', (install) => {
  let installation: Installation;
  let app: TestApp;
  let clock: { mockReturnValue: (now: number) => unknown };

  beforeEach(async () => {
    installation = await install();
    app = await TestApp.start({ ...installation.variables, RESPONSE_RETENTION: '365d' });
    clock = jest.spyOn(app.nest.get(Clock), 'now');
    clock.mockReturnValue(at('2025-06-30'));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.stop();
    await installation.remove();
  });

  const company = () => companyAt(new ServerClient(app.url));
  const keep = () => app.nest.get(ResponseRetention).run();

  it('go with the scores that came from them; departments and alerts follow, and what a roster tells stays', async () => {
    const kept = [uniform('E1', 4, 'Alpha', '2025-06-01'), uniform('E4', 1, 'Gamma', '2025-06-02')];
    await app.upload('Employee_ID,name,division\nE2,Ada,Beta\n');
    await app.upload(
      surveyCsv([
        uniform('E1', 1, 'Alpha', '2025-03-01'),
        uniform('E2', 1, 'Beta', '2025-03-01'),
        uniform('E3', 1, 'Alpha', '2025-03-01'),
        ...kept,
      ]),
    );
    expect((await company()).firing).toEqual(['Alpha', 'Beta', 'E2', 'E3', 'E4', 'Gamma']);
    clock.mockReturnValue(at('2026-03-01') + DAY - 1);
    await keep();
    expect((await company()).firing).toContain('E3');

    clock.mockReturnValue(at('2026-03-02'));
    await keep();
    const { employees, departments, firing } = await company();
    const expected = expectedCompany([kept]);
    expect(employees).toEqual({ ...expected.employees, E2: ['Beta', null] });
    expect(departments).toMatchObject(expected.departments);
    expect(departments.Beta?.[0]).toBe(0);
    expect(firing).toEqual(expected.firing);
    const { items } = await app.json<{ items: Frame[] }>('GET', '/alerts?type=alert_cleared');
    expect(items.map(({ data }) => [data?.employee_id ?? data?.department_id, data?.reason]).sort()).toEqual([
      ['E2', 'deleted'],
      ['E3', 'deleted'],
      ['dept-alpha', 'recovered'],
      ['dept-beta', 'deleted'],
    ]);
    const responses = app.nest.get(SurveyResponseStore);
    expect(await responses.get('E1:2025-03-01')).toBeUndefined();
    expect(await responses.get('E1:2025-06-01')).toBeDefined();
    await keep();
    expect((await company()).firing).toEqual(expected.firing);
  });

  it('go at the next start, and stay where nothing is set', async () => {
    await app.upload(surveyCsv([uniform('E1', 1, 'Alpha', '2024-01-01')]));
    const { variables } = app;
    await app.stop();
    app = await TestApp.start({ ...variables, RESPONSE_RETENTION: '' });
    await keep();
    expect((await company()).firing).toEqual(['Alpha', 'E1']);
    await app.stop();
    app = await TestApp.start(variables);
    await keep();
    expect(await company()).toMatchObject({ employees: {}, firing: [] });
  });
});

describe('the removal of old responses that a crash breaks off', () => {
  it.each(
    inProject({
      short: ['undo.employees_withdrawn'],
      long: ['undo.responses_deleted', 'undo.employees_written'],
    }),
  )('at %s is finished by the next start', async (point) => {
    const { variables, remove } = await installEmbedded();
    const servers: ServerProcess[] = [];
    const start = async (more: Record<string, string>): Promise<ServerClient> => {
      const process = await ServerProcess.start({ ...variables, ...more });
      servers.push(process);
      return new ServerClient(process.url);
    };
    try {
      const young = uniform('E2', 5, 'Beta', new Date().toISOString().slice(0, 10));
      const first = await start({});
      await first.upload('Employee_ID,name,division\nE1,Ada,Alpha\n');
      await first.upload(surveyCsv([uniform('E1', 1, 'Alpha', '2024-01-01'), young]));
      expect((await companyAt(first)).firing).toEqual(['Alpha', 'E1']);
      await servers[0]?.end('SIGTERM');

      const dying = ServerProcess.spawn({
        ...variables,
        RESPONSE_RETENTION: '1d',
        PULSEWATCH_TEST_CRASH_AT: point,
      });
      servers.push(dying);
      expect(await dying.ended).toEqual({ code: null, signal: 'SIGKILL' });

      const next = await start({ RESPONSE_RETENTION: '1d' });
      const { employees, firing } = await eventually(
        () => companyAt(next),
        (company) => company.firing.length === 0 && company.departments.Alpha?.[0] === 0,
      );
      expect({ employees, firing }).toEqual({
        employees: { E1: ['Alpha', null], E2: ['Beta', 0] },
        firing: [],
      });
    } finally {
      for (const server of servers) await server.end('SIGKILL');
      await remove();
    }
  });
});
