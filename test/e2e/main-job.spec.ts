import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DepartmentStore, EmployeeStore } from '../../src/storage/ports/entity.store.js';
import { TestApp } from '../support/app/app.js';
import { oracle } from '../support/oracles/oracle.js';
import { Random } from '../support/generators/random.js';
import { randomSurvey, surveyCsv, uniform } from '../support/generators/survey.js';
import type { Frame } from '../support/clients/ws-client.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';

const byType = (frames: readonly Frame[], type: string): Frame[] =>
  frames.filter((frame) => frame.type === type);
const idsOf = (frames: readonly Frame[], field: string): unknown[] =>
  frames.map(({ data }) => data?.[field]).sort();

/** The main job from the outside, on one kind of storage. `prepare` makes an empty one. */
onEachStorage(
  'the main job on %s',
  (install) => {
    let installation: Installation;
    let app: TestApp;

    beforeEach(async () => {
      installation = await install();
      app = await TestApp.start(installation.variables);
    });
    afterEach(async () => {
      await app.stop();
      await installation.remove();
    });

    it('sends exactly the alerts, and keeps exactly the values, that the contract computes', async () => {
      const random = new Random(20_261_122);
      const rows = randomSurvey(random, 300);
      const expected = oracle([rows]);
      const client = await app.subscribe();

      const status = await app.upload(surveyCsv(rows));
      const frames = await client.flushed();

      expect(frames[0]).toMatchObject({ type: 'connection', message: 'Connected to risk monitoring alerts' });
      const stressed = [...expected.employees.values()].filter(({ stress }) => (stress ?? 0) > 40);
      const critical = [...expected.departments.values()].filter(({ risk }) => risk === 'critical');
      expect(stressed.length).toBeGreaterThan(20);
      expect(critical.length).toBeGreaterThan(0);
      for (const { employeeId, department, stress, engagement, attrition } of stressed) {
        expect(
          byType(frames, 'employee_stress').filter(({ data }) => data?.employee_id === employeeId),
        ).toEqual([
          {
            type: 'employee_stress',
            id: expect.stringMatching(/^\d+$/),
            timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
            data: {
              employee_id: employeeId,
              employee_name: 'Unknown',
              department,
              position: 'Unknown',
              stress_rate: stress,
              engagement_rate: engagement ?? null,
              attrition_rate: attrition ?? null,
            },
          },
        ]);
      }
      expect(byType(frames, 'employee_stress')).toHaveLength(stressed.length);
      expect(idsOf(byType(frames, 'department_critical'), 'department_name')).toEqual(
        critical.map((d) => d.name).sort(),
      );
      expect(status).toMatchObject({
        status: 'completed',
        result: { alerts_raised: stressed.length + critical.length, alerts_cleared: 0 },
      });

      const ids = client.alerts.map(({ id }) => Number(id));
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
      expect(new Set(ids).size).toBe(ids.length);

      const employees = await app.nest.get(EmployeeStore).getMany([...expected.employees.keys()]);
      for (const [id, { department, stress, engagement, attrition }] of expected.employees) {
        const stored = employees.get(id);
        expect({ id, division: stored?.attributes.division, rates: stored?.metrics.rates }).toEqual({
          id,
          division: department,
          rates: {
            ...(stress === undefined ? {} : { stress_rate: stress }),
            ...(engagement === undefined ? {} : { engagement_rate: engagement }),
            ...(attrition === undefined ? {} : { attrition_rate: attrition }),
          },
        });
      }
      const { items } = await app.json<{ items: Record<string, unknown>[] }>('GET', '/departments');
      expect(items).toHaveLength(expected.departments.size);
      for (const item of items) {
        const wanted = expected.departments.get(String(item.department_name));
        expect(item).toMatchObject({
          department_name: wanted?.name,
          respondents: wanted?.respondents,
          overall_risk: wanted?.risk,
          stress_rate: wanted?.stress,
          engagement_rate: wanted?.engagement,
          engagement_score: wanted?.engagement,
          attrition_rate: wanted?.attrition,
        });
      }
      await client.close();
    });

    it('raises once, clears on improvement, and raises again when it gets worse', async () => {
      const client = await app.subscribe();
      const stressed = surveyCsv([uniform('E1', 1), uniform('E2', 4)]);
      expect((await app.upload(stressed)).result).toMatchObject({ alerts_raised: 2, alerts_cleared: 0 });
      expect((await app.upload(stressed)).result).toMatchObject({ alerts_raised: 0, alerts_cleared: 0 });

      const better = surveyCsv([uniform('E1', 5, 'Sales', '2025-04-01')]);
      expect((await app.upload(better)).result).toMatchObject({ alerts_raised: 0, alerts_cleared: 2 });
      const worse = surveyCsv([uniform('E1', 1, 'Sales', '2025-05-01')]);
      expect((await app.upload(worse)).result).toMatchObject({ alerts_raised: 2, alerts_cleared: 0 });
      const older = surveyCsv([uniform('E1', 5, 'Sales', '2025-04-15')]);
      expect((await app.upload(older)).result).toMatchObject({ alerts_raised: 0, alerts_cleared: 0 });

      const types = (await client.flushed()).map(({ type }) => type);
      expect(types).toEqual([
        'connection',
        'employee_stress',
        'department_critical',
        'employee_stress',
        'department_critical',
        'pong',
      ]);
      const log = await app.json<{ items: { type: string }[] }>('GET', '/alerts');
      expect(log.items.map(({ type }) => type).filter((type) => type === 'alert_cleared')).toHaveLength(2);
      await client.close();
    });

    it('raises nothing twice after a restart, and everything again after a reset', async () => {
      await app.upload(surveyCsv([uniform('E1', 1), uniform('E2', 5), uniform('E3', 5)]));
      app = await app.restart();
      const client = await app.subscribe();
      expect(await app.json('POST', '/risk/evaluate')).toEqual({ alerts_raised: 0, alerts_cleared: 0 });
      expect(await app.json('POST', '/alerts/reset')).toEqual({ alerts_cleared: 1 });
      expect(await app.json('POST', '/risk/evaluate')).toEqual({ alerts_raised: 1, alerts_cleared: 0 });
      expect(idsOf((await client.flushed()).slice(1, -1), 'employee_id')).toEqual(['E1']);
      await client.close();
    });

    it('sees direct edits and deletions of the tables at the next evaluation', async () => {
      await app.upload(surveyCsv([uniform('E1', 1), uniform('E2', 5), uniform('E3', 5)]));
      const employees = app.nest.get(EmployeeStore);
      const departments = app.nest.get(DepartmentStore);
      await employees.delete('E1');
      await employees.mutate(
        ['E2'],
        (_, current) =>
          current && { ...current, metrics: { ...current.metrics, rates: { stress_rate: 40.1 } } },
      );
      await departments.mutate(
        ['dept-sales'],
        (_, current) => current && { ...current, overallRisk: 'CRITICAL' },
      );
      const client = await app.subscribe();
      expect(await app.json('POST', '/risk/evaluate')).toEqual({ alerts_raised: 2, alerts_cleared: 1 });
      const frames = await client.flushed();
      expect(frames.slice(1, -1)).toMatchObject([
        { type: 'employee_stress', data: { employee_id: 'E2', stress_rate: 40.1, engagement_rate: null } },
        { type: 'department_critical', data: { department_id: 'dept-sales', overall_risk: 'critical' } },
      ]);
      const active = await app.json<{ items: Frame[] }>('GET', '/alerts/active');
      expect(active.items.map(({ type }) => type)).toEqual(['department_critical', 'employee_stress']);
      await client.close();
    });

    it('evaluates a PATCH like a sync', async () => {
      await app.upload(surveyCsv([uniform('E1', 5), uniform('E2', 5, 'Legal')]));
      const client = await app.subscribe();
      const patched = await app.json('PATCH', '/employees/E1', {
        stress_rate: 88,
        name: 'Ada Byron',
        position: 'Engineer',
      });
      expect(patched).toMatchObject({
        employee_id: 'E1',
        stress_rate: 88,
        name: 'Ada Byron',
        department: 'Sales',
      });
      await app.json('PATCH', '/departments/dept-legal', { overall_risk: 'critical' });
      expect((await client.flushed()).slice(1, -1)).toMatchObject([
        {
          type: 'employee_stress',
          data: { employee_id: 'E1', employee_name: 'Ada Byron', position: 'Engineer', stress_rate: 88 },
        },
        { type: 'department_critical', data: { department_id: 'dept-sales' } },
        { type: 'department_critical', data: { department_id: 'dept-legal' } },
      ]);
      await client.close();
    });

    it('ends with the same tables and alerts when two overlapping uploads come at the same moment', async () => {
      const random = new Random(7);
      const [first, second] = [randomSurvey(random, 120, 4), randomSurvey(random, 120, 4)];
      const client = await app.subscribe();
      const answers = await Promise.all([app.upload(surveyCsv(first)), app.upload(surveyCsv(second))]);
      expect(answers.map(({ status }) => status)).toEqual(['completed', 'completed']);
      // Ids are in the order of acceptance, which decides ties of the date.
      const [a, b] = answers;
      const inOrder = a.task_id < b.task_id ? [first, second] : [second, first];
      const expected = oracle(inOrder);
      const active = await app.json<{ items: Frame[] }>('GET', '/alerts/active?limit=500');
      expect(idsOf(byType(active.items, 'employee_stress'), 'employee_id')).toEqual(
        [...expected.employees.values()]
          .filter(({ stress }) => (stress ?? 0) > 40)
          .map(({ employeeId }) => employeeId)
          .sort(),
      );
      const stored = await app.nest.get(EmployeeStore).getMany([...expected.employees.keys()]);
      for (const [id, { stress, department }] of expected.employees) {
        expect([id, stored.get(id)?.metrics.rates.stress_rate, stored.get(id)?.attributes.division]).toEqual([
          id,
          stress,
          department,
        ]);
      }
      await client.close();
    });

    it('names people as a roster does, and moves departments to the ids of a department roster', async () => {
      await app.upload('Employee_ID,name,position,division\nE1,Ada Byron,Engineer,Sales\n');
      const client = await app.subscribe();
      await app.upload(surveyCsv([uniform('E1', 1), uniform('E2', 1, 'Legal')]));
      await app.upload('department_id,department_name\nD01,sales\n');
      const frames = await client.flushed();
      expect(byType(frames, 'employee_stress')).toMatchObject([
        { data: { employee_id: 'E1', employee_name: 'Ada Byron', position: 'Engineer' } },
        { data: { employee_id: 'E2', employee_name: 'Unknown', position: 'Unknown' } },
      ]);
      const { items } = await app.json<{ items: Record<string, unknown>[] }>('GET', '/departments');
      expect(
        items
          .map(({ department_id, department_name, respondents }) => [
            department_id,
            department_name,
            respondents,
          ])
          .sort(),
      ).toEqual([
        ['D01', 'sales', 1],
        ['dept-legal', 'Legal', 1],
      ]);
      const critical = await app.json<{ items: { data: Record<string, unknown> }[] }>(
        'GET',
        '/alerts/active?type=department_critical',
      );
      expect(critical.items.map(({ data }) => data.department_id).sort()).toEqual(['D01', 'dept-legal']);
      await client.close();
    });

    it('pages and filters its lists', async () => {
      await app.upload(
        surveyCsv(
          Array.from({ length: 25 }, (_, n) => uniform(`E${n}`, n % 2 ? 1 : 5, n < 10 ? 'Sales' : 'Legal')),
        ),
      );
      const ids: unknown[] = [];
      let cursor = '';
      do {
        const page = await app.json<{ items: Record<string, unknown>[]; next_cursor: string | null }>(
          'GET',
          `/employees?limit=7${cursor}`,
        );
        ids.push(...page.items.map(({ employee_id }) => employee_id));
        cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
      } while (cursor !== '');
      expect(ids.sort()).toEqual(Array.from({ length: 25 }, (_, n) => `E${n}`).sort());
      const sales = await app.json<{ items: unknown[] }>('GET', '/employees?department=SALES&limit=500');
      expect(sales.items).toHaveLength(10);
      const alerts = await app.json<{ items: Frame[]; next_cursor: string }>(
        'GET',
        '/alerts?type=employee_stress&department=sales&limit=3',
      );
      const more = await app.json<{ items: Frame[] }>(
        'GET',
        `/alerts?type=employee_stress&department=sales&limit=3&cursor=${alerts.next_cursor}`,
      );
      expect(idsOf([...alerts.items, ...more.items], 'employee_id')).toEqual(['E1', 'E3', 'E5', 'E7', 'E9']);
      const [one] = alerts.items;
      expect(await app.json('GET', `/alerts/${one?.id}`)).toEqual(one);
    });
  },
  { dynamodb: 'e2e' },
);
