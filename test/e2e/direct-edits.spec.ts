import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DomainEvents } from '../../src/platform/events/domain-events.js';
import { DepartmentStore, EmployeeStore } from '../../src/storage/ports/entity.store.js';
import { TestApp } from '../support/app/app.js';
import { scrape, valueOf } from '../support/clients/prometheus.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';

onEachStorage(
  'what other tools do to employees, on %s',
  (install) => {
    let installation: Installation;
    let app: TestApp;
    beforeAll(async () => {
      installation = await install();
      app = await TestApp.start({ ...installation.variables, DYNAMODB_STREAMS: 'off' });
    });
    afterAll(async () => {
      await app.stop();
      await installation.remove();
    });

    const stressOf = async (id: string) => {
      const { metrics } = (await app.nest.get(DepartmentStore).getMany([id])).get(id) ?? {};
      return metrics?.rates.stress_rate;
    };

    it('counts in the means of its department once everybody was looked at', async () => {
      // An answer of 1 is a stress rate of 100, one of 5 is 0.
      await app.upload(
        surveyCsv([uniform('E1', 1), uniform('E2', 1), uniform('E3', 1), uniform('L1', 5, 'Legal')]),
      );
      expect(await stressOf('dept-sales')).toBe(100);
      const employees = app.nest.get(EmployeeStore);
      await employees.delete('E1');
      await employees.mutate(
        ['E2'],
        (_id, current) =>
          current && { ...current, metrics: { ...current.metrics, rates: { stress_rate: 40 } } },
      );

      // Nobody has looked yet: only what the upload itself changes is known.
      await app.upload(surveyCsv([uniform('E4', 5)]));
      expect(await stressOf('dept-sales')).toBe(75);

      await app.json('POST', '/risk/evaluate');
      expect(valueOf(await scrape(app), 'pulsewatch_department_drift_total')).toBe(1);
      await app.upload(surveyCsv([uniform('E5', 5)]));
      // 40, 100, 0 and 0.
      expect(await stressOf('dept-sales')).toBe(35);

      await app.json('POST', '/risk/evaluate');
      expect(valueOf(await scrape(app), 'pulsewatch_department_drift_total')).toBe(1);
    });

    it('counts at once when somebody tells of it: alerts, sums and rows', async () => {
      await app.upload(
        surveyCsv([uniform('O1', 5, 'Ops'), uniform('O2', 5, 'Ops'), uniform('F1', 5, 'Fun')]),
      );
      const client = await app.subscribe();
      await app.nest.get(EmployeeStore).mutate(
        ['O1'],
        (_id, current) =>
          current && {
            ...current,
            attributes: { ...current.attributes, division: 'Fun' },
            metrics: { ...current.metrics, rates: { ...current.metrics.rates, stress_rate: 100 } },
          },
      );
      const edited = {
        employees: ['O1'],
        departments: [],
        divisions: new Map([
          ['ops', 'Ops'],
          ['fun', 'Fun'],
        ]),
      };
      await app.nest.get(DomainEvents).publish('tables.edited', { syncId: 's1', ...edited });
      expect([await stressOf('dept-ops'), await stressOf('dept-fun')]).toEqual([0, 50]);
      await client.flushed();
      expect(client.alerts.map(({ data }) => data?.employee_id)).toEqual(['O1']);

      // An attempt before may have rolled up, and not evaluated.
      await app.nest.get(DepartmentStore).mutate(['dept-fun'], (_id, current) => {
        return current && { ...current, overallRisk: 'critical' };
      });
      await app.nest.get(EmployeeStore).mutate(['O1'], (_id, current) => {
        return (
          current && {
            ...current,
            metrics: { ...current.metrics, rates: { stress_rate: 100, engagement_rate: 0 } },
          }
        );
      });
      await app.nest.get(DomainEvents).publish('tables.edited', { syncId: 's2', ...edited });
      await client.flushed();
      expect(client.alerts.map(({ data }) => data?.department_id)).toEqual([undefined, 'dept-fun']);
      await client.close();

      await app.json('POST', '/risk/evaluate');
      expect(valueOf(await scrape(app), 'pulsewatch_department_drift_total')).toBe(1);
    });

    it('evaluates everything when edits were missed', async () => {
      const client = await app.subscribe();
      await app.nest.get(EmployeeStore).mutate(['missed'], (employeeId) => ({
        employeeId,
        attributes: {},
        metrics: { dimensions: {}, rates: { stress_rate: 70 } },
      }));
      await app.nest.get(DomainEvents).publish('edits.missed', {});
      await client.flushed();
      expect(client.alerts.map(({ data }) => data?.employee_id)).toContain('missed');
      await client.close();
    });

    it('counts at once when every department is computed anew', async () => {
      await app.nest.get(EmployeeStore).delete('L1');
      await app.upload(surveyCsv([uniform('L2', 1, 'Legal')]));
      expect(await stressOf('dept-legal')).toBe(50);
      await app.json('POST', '/sync');
      expect(await stressOf('dept-legal')).toBe(100);
    });
  },
  { dynamodb: 'e2e' },
);
