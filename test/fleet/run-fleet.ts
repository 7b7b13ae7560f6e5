import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Caller } from '../faults/caller.js';
import { compareAlerts } from '../faults/verdict.js';
import type { AlertOracle } from '../support/oracles/alert-oracle.js';
import { Random } from '../support/generators/random.js';
import { stalled } from '../support/app/stalled.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import type { ClientReport } from './client-group.js';
import { Fleet } from './fleet.js';
import { describePlan, planFleet, type FleetPlan, type FleetSize } from './fleet-plan.js';
import { Lane } from './lane.js';
import { latenciesOf, type Latencies } from './latencies.js';
import { Trials } from './trials.js';

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

/** Runs one seed; one in which nothing happens for `stallMs` has a problem. Rejects only where there is nothing to run it on. */
export async function runFleet(seed: number, size: FleetSize, stallMs: number): Promise<FleetReport> {
  const began = Date.now();
  const { path, remove } = await temporaryFolder();
  const fleet = await Fleet.start(path, size);
  const run = new FleetRun(seed, size, fleet, path);
  const stop = new AbortController();
  const watch = stalled(
    () => run.progress,
    stallMs,
    stop.signal,
    async () => ['Nothing more happens', ...(await run.states())].join('\n'),
  );
  try {
    await Promise.race([run.run(), watch]);
  } catch (error) {
    run.problems.push(`${error instanceof Error ? error.message : String(error)} (${run.doing})`);
  } finally {
    stop.abort();
    watch.catch(() => undefined);
    await run.abandon();
  }
  const report = { ...run.report(), ms: Date.now() - began };
  if (report.problems.length > 0) return { ...report, folder: path };
  await remove();
  return report;
}

class FleetRun {
  readonly problems: string[] = [];
  private readonly plan: FleetPlan;
  private readonly lanes: readonly Lane[];
  private readonly trials: Trials;
  private readonly stop = new AbortController();
  /** What goes on by itself. */
  private begun: readonly Promise<unknown>[] = [];
  private isOver = false;
  private figures = { events: 0, connections: 0, refusals: 0, frames: 0 };
  private latencies: FleetReport['latencies'];

  constructor(
    private readonly seed: number,
    size: FleetSize,
    private readonly fleet: Fleet,
    private readonly folder: string,
  ) {
    this.plan = planFleet(seed, size);
    this.trials = new Trials(fleet, size, this.plan, this.stop.signal);
    const context = {
      entrances: fleet.entrances,
      isOver: () => this.isOver,
      stop: this.stop.signal,
      onEnd: () => this.trials.uploadEnded(),
    };
    this.lanes = Array.from(
      { length: size.lanes },
      (_, n) => new Lane(new Random(seed * 100 + n), `Lane${n + 1}`, size.employees, context),
    );
  }

  /** For the report of a failure. */
  get doing(): string {
    return this.trials.doing;
  }

  /** Changes whenever something was done. */
  get progress(): string {
    return [this.doing, ...this.lanes.map(({ doing, uploads }) => `${uploads} ${doing}`)].join('\n');
  }

  async run(): Promise<void> {
    const uploading = Promise.all(this.lanes.map((lane) => lane.run()));
    const trying = this.trials.run();
    this.begun = [uploading, trying];
    await Promise.race([trying, uploading]);
    this.isOver = true;
    this.trials.doing = 'ending the uploads';
    await uploading;
    this.trials.doing = 'comparing';
    await this.compare();
    for (const instance of this.fleet.instances) await instance.stop();
  }

  /** Ends everything that runs. */
  async abandon(): Promise<void> {
    this.stop.abort();
    await this.fleet.killInstances();
    // Nothing is started any more once these have noticed.
    await Promise.allSettled(this.begun);
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

  private async compare(): Promise<void> {
    const url = this.fleet.instance(0).url;
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
    this.trials.doing = 'waiting for the clients to have it all';
    await Promise.all(this.fleet.groups.map((group) => group.finish(log.at(-1)?.id)));
    const reports = await Promise.all(this.fleet.groups.map((group) => group.compare(logFile)));
    this.problems.push(...reports.flatMap(({ problems }) => problems));
    this.note(reports, log.length);
    const importedBy = new Map(this.lanes.flatMap((lane) => [...lane.importedBy]));
    const probes = reports.flatMap((report) => report.probes);
    this.latencies = latenciesOf({ log, probes, importedBy, outage: this.trials.outage });
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
}

/** What must come of all lanes; they have nothing in common. */
function together(lanes: readonly Lane[]): Pick<AlertOracle, 'history' | 'firing'> {
  const oracles = lanes.map(({ writer }) => writer.alerts);
  return {
    history: new Map(oracles.flatMap(({ history }) => [...history])),
    firing: new Map(oracles.flatMap(({ firing }) => [...firing])),
  };
}
