import { describe, expect, it } from '@jest/globals';
import { Degradations } from '../../../../src/platform/observability/degradations.js';
import { HealthController } from '../../../../src/platform/observability/health.controller.js';
import { Problem } from '../../../../src/platform/http/problem.js';
import { Lifecycle } from '../../../../src/platform/lifecycle/lifecycle.js';
import type { StorageHealth } from '../../../../src/storage/ports/storage.js';

const ANSWERS: StorageHealth = { ping: () => Promise.resolve() };
const DEAD: StorageHealth = { ping: () => Promise.reject(new Error('no answer')) };

/** The status of an answer, or the problem's code, or the error's message. */
async function ask(lifecycle: Lifecycle, storage: StorageHealth): Promise<string> {
  try {
    return (await new HealthController(storage, lifecycle, new Degradations()).ready()).status;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    return error instanceof Error ? error.message : '';
  }
}

describe('readiness', () => {
  it('begins when every module has started, and ends with the first moment of a stop', async () => {
    const lifecycle = new Lifecycle();
    const seen = [await ask(lifecycle, ANSWERS)];
    lifecycle.started();
    seen.push(await ask(lifecycle, ANSWERS), await ask(lifecycle, DEAD));
    lifecycle.onModuleDestroy();
    seen.push(await ask(lifecycle, ANSWERS));
    lifecycle.onApplicationShutdown();
    expect(seen).toEqual(['not_ready', 'ok', 'no answer', 'not_ready']);
  });

  it('names what is away and not needed, once, and serves', async () => {
    const [lifecycle, degradations] = [new Lifecycle(), new Degradations()];
    lifecycle.started();
    let isAway = true;
    for (let time = 0; time < 2; time += 1) degradations.watch('redis', () => isAway);
    degradations.watch('other', () => false);
    const health = new HealthController(ANSWERS, lifecycle, degradations);
    expect(await health.ready()).toEqual({ status: 'degraded', degraded: ['redis'] });
    isAway = false;
    expect(await health.ready()).toEqual({ status: 'ok' });
  });

  it('is not liveness', () => {
    expect(new HealthController(DEAD, new Lifecycle(), new Degradations()).live()).toEqual({ status: 'ok' });
  });
});
