import { beforeEach, describe, expect, it } from '@jest/globals';
import { PeriodicJob, type JobLogger, type PeriodicJobOptions } from '../../../src/lib/periodic-job.js';

/** Nobody waits for that. */
const NEVER_MS = 1_000_000;

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

let log: string[];
let logger: JobLogger;
beforeEach(() => {
  log = [];
  logger = {
    log: (message) => void log.push(message),
    error: ({ err }, message) => void log.push(`${message}: ${String(err)}`),
  };
});
const options = (given: Partial<PeriodicJobOptions> = {}): PeriodicJobOptions => ({
  everyMs: NEVER_MS,
  logger,
  failure: 'failed',
  ...given,
});

/** A job whose n-th run does the n-th of these; resolves once it has done all, and is stopped by the last one. */
async function runsOf(given: Partial<PeriodicJobOptions>, outcomes: readonly (Error | 'ok')[]) {
  const done = deferred();
  let runs = 0;
  const job = new PeriodicJob(options({ everyMs: 1, ...given }), async () => {
    const outcome = outcomes[runs];
    runs += 1;
    if (runs === outcomes.length) done.resolve();
    await Promise.resolve();
    if (outcome instanceof Error) throw outcome;
  });
  job.start();
  await done.promise;
  await job.stop();
  return job;
}

describe('a periodic job', () => {
  it('goes on after a failure, and logs each where nothing says that it is over', async () => {
    await runsOf({}, [new Error('one'), new Error('two'), 'ok', new Error('three')]);
    expect(log).toEqual(['failed: Error: one', 'failed: Error: two', 'failed: Error: three']);
  });

  it('logs the first failure in a row, and that it is over', async () => {
    const outcomes = [new Error('one'), new Error('two'), 'ok', 'ok', new Error('three'), 'ok'] as const;
    await runsOf({ recovery: 'works again' }, outcomes);
    expect(log).toEqual(['failed: Error: one', 'works again', 'failed: Error: three', 'works again']);
  });

  it('says whether it fails', async () => {
    expect((await runsOf({}, ['ok', new Error('one')])).isFailing).toBe(true);
    expect((await runsOf({}, [new Error('one'), 'ok'])).isFailing).toBe(false);
  });

  it('takes an abort for neither a failure nor a success', async () => {
    const abort = Object.assign(new Error('stop'), { name: 'AbortError' });
    const failing = await runsOf({ recovery: 'works again' }, [new Error('one'), abort]);
    expect([log, failing.isFailing]).toEqual([['failed: Error: one'], true]);
    const working = await runsOf({}, ['ok', abort]);
    expect([log, working.isFailing]).toEqual([['failed: Error: one'], false]);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('that runs at its start (%p) has made %i runs before the first pause', async (runsAtStart, runs) => {
    let made = 0;
    const job = new PeriodicJob(options({ runsAtStart }), () => {
      made += 1;
      return Promise.resolve();
    });
    job.start();
    await turn();
    await job.stop();
    expect(made).toBe(runs);
  });

  it('repeats once, however often it is started, and not after a stop', async () => {
    let made = 0;
    const task = () => {
      made += 1;
      return Promise.resolve();
    };
    const job = new PeriodicJob(options({ runsAtStart: true }), task);
    job.start();
    job.start();
    await turn();
    await job.stop();
    job.start();
    await job.runNow();
    expect(made).toBe(1);
    const stopped = new PeriodicJob(options({ runsAtStart: true }), task);
    await stopped.stop();
    stopped.start();
    await stopped.stop();
    expect(made).toBe(1);
  });

  it('waits at its stop for the run under way, whose signal is aborted by then', async () => {
    const [begun, finish] = [deferred(), deferred()];
    const job = new PeriodicJob(options({ runsAtStart: true }), async (signal) => {
      log.push(`begun ${signal.aborted}`);
      begun.resolve();
      await finish.promise;
      log.push(`ended ${signal.aborted}`);
    });
    job.start();
    await begun.promise;
    expect(job.signal.aborted).toBe(false);
    const stopped = job.stop().then(() => void log.push('stopped'));
    expect(job.signal.aborted).toBe(true);
    await turn();
    expect(log).toEqual(['begun false']);
    finish.resolve();
    await stopped;
    expect(log).toEqual(['begun false', 'ended true', 'stopped']);
  });

  it('waits at its stop for a run that was asked for before it was started', async () => {
    const finish = deferred();
    const job = new PeriodicJob(options(), async () => {
      await finish.promise;
      log.push('ended');
    });
    const asked = job.runNow();
    await turn();
    const stopped = job.stop().then(() => void log.push('stopped'));
    await turn();
    expect(log).toEqual([]);
    finish.resolve();
    await Promise.all([asked, stopped]);
    expect(log).toEqual(['ended', 'stopped']);
  });

  it('makes a run that is asked for after the one under way, and resolves also when it fails', async () => {
    const [begun, finish] = [deferred(), deferred()];
    let runs = 0;
    const job = new PeriodicJob(options({ runsAtStart: true }), async () => {
      runs += 1;
      log.push(`begins ${runs}`);
      begun.resolve();
      if (runs === 1) await finish.promise;
      else throw new Error('second');
      log.push(`ends ${runs}`);
    });
    job.start();
    await begun.promise;
    const asked = job.runNow();
    await turn();
    expect(log).toEqual(['begins 1']);
    finish.resolve();
    await asked;
    expect(log).toEqual(['begins 1', 'ends 1', 'begins 2', 'failed: Error: second']);
    await job.stop();
  });
});
