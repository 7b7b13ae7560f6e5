import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Employee } from '../../src/domain/people/employee.js';
import { beginningOf, type PartProgress } from '../../src/domain/alerts/evaluation-pass.js';
import { FullEvaluation } from '../../src/alerting/risk-monitor/full-evaluation.js';
import { EmployeeStore, SCAN_PARTS } from '../../src/storage/ports/entity.store.js';
import { TestApp } from '../support/app/app.js';
import { scrape, valueOf } from '../support/clients/prometheus.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';

const PEOPLE = 2_600;

onEachStorage(
  'the full evaluation on %s',
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

    const stressed = (employeeId: string): Employee => ({
      employeeId,
      attributes: {},
      metrics: { dimensions: {}, rates: { stress_rate: 90 } },
    });

    it('goes on where it broke off, and raises each once', async () => {
      const ids = Array.from({ length: PEOPLE }, (_, n) => `E${n}`);
      await app.nest.get<EmployeeStore>(EmployeeStore).mutate(ids, stressed);
      const evaluation = app.nest.get(FullEvaluation);
      const stop = new AbortController();
      let kept: readonly PartProgress[] = beginningOf(SCAN_PARTS);
      const first = evaluation.run(stop.signal, kept, {
        isDue: () => true,
        reached: (parts) => {
          kept = parts;
          stop.abort();
          return Promise.resolve();
        },
      });
      await expect(first).rejects.toThrow('abort');
      const raisedBefore = valueOf(await scrape(app), 'pulsewatch_alerts_raised_total');
      expect(raisedBefore).toBeGreaterThan(0);
      expect(raisedBefore).toBeLessThan(PEOPLE);

      const { raised } = await evaluation.run(new AbortController().signal, kept);
      expect(raised + raisedBefore).toBe(PEOPLE);
      expect(await app.json('POST', '/risk/evaluate')).toEqual({ alerts_raised: 0, alerts_cleared: 0 });
    });
  },
  { dynamodb: 'e2e' },
);
