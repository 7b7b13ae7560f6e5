import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Caller } from '../faults/caller.js';
import { compareAlerts } from '../faults/verdict.js';
import type { AlertOracle } from '../support/alert-oracle.js';
import { Random } from '../support/random.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { ClientReport } from './client-group.js';
import { Fleet } from './fleet.js';
import type { FleetInstance } from './fleet-instance.js';
import { describePlan, planFleet, type FleetPlan, type FleetSize, type Kill } from './fleet-plan.js';
import { Lane } from './lane.js';
import { latenciesOf, type Latencies, type Outage } from './latencies.js';

/** What came of a seed. */
export interface FleetReport {
  readonly seed: number;
  readonly problems: readonly string[];
  readonly schedule: readonly string[];
  readonly ms: number;
  readonly uploads: number;
  /** Attempts to upload that had to be repeated. */
  readonly repeats: number;
  readonly events: number;
  /** How often clients were let in, and how often not. */
  readonly connections: number;
  readonly refusals: number;
  /** Events received by all clients. */
  readonly frames: number;
  /** Milliseconds from the decision to a client of another instance. */
  readonly latencies?: { readonly up: Latencies; readonly away: Latencies };
  /** Where the logs are, of a run with problems. */
  readonly folder?: string;
}

/** Runs one seed. Rejects only where there is nothing to run it on. */
export async function runFleet(seed: number, size: FleetSize, deadlineMs: number): Promise<FleetReport> {
  const began = Date.now();
  const { path, remove } = await temporaryFolder();
  const fleet = await Fleet.start(path, size);
  const run = new FleetRun(seed, size, fleet, path);
  const stop = new AbortController();
  const late = delay(deadlineMs, undefined, { signal: stop.signal }).then(async () => {
    throw new Error(['Nothing more happens', ...(await run.states())].join('\n'));
  });
  try {
    await Promise.race([run.run(), late]);
  } catch (error) {
    run.problems.push(`${error instanceof Error ? error.message : String(error)} (${run.doing})`);
  } finally {
    stop.abort();
    late.catch(() => undefined);
    await run.abandon();
  }
  const report = { ...run.report(), ms: Date.now() - began };
  if (report.problems.length > 0) return { ...report, folder: path };
  await remove();
  return report;
}

class FleetRun {
  readonly problems: string[] = [];
  /** For the report of a failure. */
  doing = 'nothing yet';
  private readonly plan: FleetPlan;
  private readonly lanes: readonly Lane[];
  private readonly waiting = new Set<() => void>();
  private readonly stop = new AbortController();
  /** What goes on by itself. */
  private begun: readonly Promise<unknown>[] = [];
  private isOver = false;
  private outage: Outage = { from: Infinity, to: Infinity };
  private figures = { events: 0, connections: 0, refusals: 0, frames: 0 };
  private latencies: FleetReport['latencies'];

  constructor(
    private readonly seed: number,
    private readonly size: FleetSize,
    private readonly fleet: Fleet,
    private readonly folder: string,
  ) {
    this.plan = planFleet(seed, size);
    const context = {
      entrances: fleet.entrances,
      isOver: () => this.isOver,
      stop: this.stop.signal,
      onEnd: () => {
        for (const wake of this.waiting) wake();
        this.waiting.clear();
      },
    };
    this.lanes = Array.from(
      { length: size.lanes },
      (_, n) => new Lane(new Random(seed * 100 + n), `Lane${n + 1}`, size.employees, context),
    );
  }

  async run(): Promise<void> {
    const uploading = Promise.all(this.lanes.map((lane) => lane.run()));
    const trying = this.trials();
    this.begun = [uploading, trying];
    await Promise.race([trying, uploading]);
    this.isOver = true;
    this.doing = 'ending the uploads';
    await uploading;
    this.doing = 'comparing';
    await this.compare();
    for (const instance of this.fleet.instances) await instance.stop();
  }

  /** Ends everything that runs, and what would start it again. */
  async abandon(): Promise<void> {
    this.stop.abort();
    await this.fleet.abandon();
    await Promise.allSettled(this.begun);
    // One that was being started meanwhile.
    await this.fleet.abandon();
  }

  /** What everybody does, when it takes too long. */
  async states(): Promise<string[]> {
    const lanes = this.lanes.map(({ name, doing }) => `${name}: ${doing}`);
    const clients = await Promise.all(this.fleet.groups.map((group) => group.states()));
    return [...lanes, ...clients.flat().slice(0, 10)];
  }

  report(): Omit<FleetReport, 'ms'> {
    const { lanes, seed, latencies } = this;
    const sum = (pick: (lane: Lane) => number): number =>
      lanes.reduce((total, lane) => total + pick(lane), 0);
    return {
      seed,
      problems: [
        ...this.problems,
        ...this.fleet.instances.flatMap(({ problems }) => problems.slice(0, 3)),
        ...lanes.flatMap(({ problems }) => problems.slice(0, 3)),
      ],
      schedule: describePlan(this.plan),
      uploads: sum(({ uploads }) => uploads),
      repeats: sum(({ repeats }) => repeats),
      ...this.figures,
      ...(latencies ? { latencies } : {}),
    };
  }

  private async trials(): Promise<void> {
    await this.calm();
    for (const kill of this.plan.kills) await this.kill(kill);
    await this.calm();
    await this.doWithoutRedis();
    await this.calm();
    for (const number of this.plan.rolling) await this.restart(this.instance(number));
    await this.calm();
  }

  private async calm(): Promise<void> {
    this.doing = 'uploading';
    for (let ended = 0; ended < this.size.calm; ended += 1) await this.nextEnd();
  }

  private async kill({ instance: number, afterMs, downMs }: Kill): Promise<void> {
    const instance = this.instance(number);
    await this.nextEnd();
    await this.pass(afterMs);
    this.doing = `killing ${instance.name}`;
    await instance.kill();
    await this.pass(downMs);
    this.doing = `starting ${instance.name} again`;
    await instance.start();
  }

  private async doWithoutRedis(): Promise<void> {
    const { redis, instances } = this.fleet;
    const from = Date.now();
    await redis.kill();
    const enough = this.pass(this.size.redisAwayMs);
    for (const kill of this.plan.killsWithoutRedis) await this.kill(kill);
    this.doing = 'doing without Redis';
    await enough;
    await redis.again();
    this.doing = 'waiting for Redis to be used again';
    await Promise.all(instances.map((instance) => instance.says((status) => status === 'ok')));
    this.outage = { from, to: Date.now() };
  }

  private async pass(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stop.signal });
  }

  private async restart(instance: FleetInstance): Promise<void> {
    this.doing = `restarting ${instance.name}`;
    await instance.stop();
    this.stop.signal.throwIfAborted();
    await instance.start();
  }

  private async compare(): Promise<void> {
    const url = this.instance(0).url;
    const caller = new Caller(
      { isStopping: false },
      { url, gone: Promise.resolve() },
      this.fleet.credentials,
    );
    const log = await caller.log();
    const uploads = await caller.all('/uploads', 500);
    const sent = this.lanes.reduce((sum, lane) => sum + lane.uploads, 0);
    if (uploads.length !== sent) this.problems.push(`${uploads.length} uploads came of ${sent} files`);
    this.problems.push(...(await compareAlerts(caller, log, together(this.lanes))));
    const logFile = join(this.folder, 'alert-log.json');
    await writeFile(logFile, JSON.stringify(log));
    this.doing = 'waiting for the clients to have it all';
    await Promise.all(this.fleet.groups.map((group) => group.finish(log.at(-1)?.id)));
    const reports = await Promise.all(this.fleet.groups.map((group) => group.compare(logFile)));
    this.problems.push(...reports.flatMap(({ problems }) => problems));
    this.note(reports, log.length);
    const importedBy = new Map(this.lanes.flatMap((lane) => [...lane.importedBy]));
    const probes = reports.flatMap((report) => report.probes);
    this.latencies = latenciesOf({ log, probes, importedBy, outage: this.outage });
  }

  private note(reports: readonly ClientReport[], events: number): void {
    const sum = (pick: (report: ClientReport) => number): number =>
      reports.reduce((total, report) => total + pick(report), 0);
    this.figures = {
      events,
      connections: sum(({ connections }) => connections),
      refusals: sum(({ refusals }) => refusals),
      frames: sum(({ frames }) => frames),
    };
  }

  private instance(number: number): FleetInstance {
    const instance = this.fleet.instances[number];
    if (!instance) throw new Error(`There is no instance ${number}`);
    return instance;
  }

  /** Resolves when the next upload ends. */
  private nextEnd(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.add(resolve);
      this.stop.signal.addEventListener('abort', () => reject(new Error('The run was abandoned')));
    });
  }
}

/** What must come of all lanes; they have nothing in common. */
function together(lanes: readonly Lane[]): Pick<AlertOracle, 'history' | 'firing'> {
  const oracles = lanes.map(({ writer }) => writer.alerts);
  return {
    history: new Map(oracles.flatMap(({ history }) => [...history])),
    firing: new Map(oracles.flatMap(({ firing }) => [...firing])),
  };
}
