import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from '../support/storage/storages.js';
import type { Variables } from '../support/app/app.js';
import { stalled } from '../support/app/stalled.js';
import { channelsFile } from '../support/app/channels-file.js';
import { Random } from '../support/generators/random.js';
import { connectStream, connectWebSocket } from './connections.js';
import { Caller } from './caller.js';
import { Driver } from './driver.js';
import type { FollowerContext } from './follower.js';
import { describeLife } from './life-plan.js';
import { NO_OLD_LOG, writeOldLog } from './old-log.js';
import { PlainFollower } from './plain-follower.js';
import { PollingFollower } from './polling-follower.js';
import { ResumingFollower } from './resuming-follower.js';
import { makeScenario, type Scenario, type Size } from './scenario.js';
import { ServerLives, type LiveServer } from './server-lives.js';
import { describeStep } from './step.js';
import { WebhookReceiver } from './webhook-receiver.js';
import { compareAlerts, compareTables } from './verdict.js';

/** What came of a seed. */
export interface SeedReport {
  readonly seed: number;
  readonly problems: readonly string[];
  /** What was to be done, and when the server was to end. */
  readonly schedule: readonly string[];
  /** The last lines that the server logged. */
  readonly log: readonly string[];
  readonly ms: number;
  readonly kills: number;
  readonly stops: number;
  readonly starts: number;
  /** By the names of the failpoints. */
  readonly crashes: Readonly<Record<string, number>>;
  readonly events: number;
  readonly frames: number;
}

const WEB_SOCKETS = 4;
/** A run in which nothing happens for so long hangs, on the slowest machine too. */
const STALL_MS = 100_000;

/** Runs one seed. Rejects only where there is nothing to run it on. */
export async function runSeed(seed: number, size: Size, installation: Installation): Promise<SeedReport> {
  const began = Date.now();
  const scenario = makeScenario(seed, size);
  const oldId = scenario.hasOldLog ? await beginOldLog(installation, scenario) : NO_OLD_LOG.lastId;
  const receivers = await Promise.all([
    WebhookReceiver.start('steady-hook'),
    WebhookReceiver.start('moody-hook', new Random(seed * 100 + 80)),
  ]);
  const told = await channelsFile(
    installation.dataDir,
    receivers.map(({ config }) => config),
  );
  const run = new SeedRun(seed, scenario, { ...installation, told, oldId, receivers });
  const stop = new AbortController();
  const watch = stalled(
    () => run.progress,
    STALL_MS,
    stop.signal,
    () => Promise.resolve(`Nothing for ${STALL_MS} ms`),
  );
  try {
    await Promise.race([run.run(), watch]);
  } catch (error) {
    run.problems.push(`${messageOf(error)} (${run.doing})`);
  } finally {
    stop.abort();
    watch.catch(() => undefined);
    await run.abandon();
    await Promise.all(receivers.map((receiver) => receiver.stop()));
  }
  return { ...run.report(), ms: Date.now() - began };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}

async function beginOldLog({ open }: Installation, { alerts }: Scenario): Promise<number> {
  const storage = await open();
  const { lastId, due } = await writeOldLog(storage.alertLog);
  await storage.close();
  alerts.history.set(due.key, [due.alert]);
  return lastId;
}

function resumeWebSocket(server: LiveServer, id: string): ReturnType<typeof connectWebSocket> {
  return connectWebSocket(server, `?last_event_id=${id}`);
}

/** Who is told by webhook, and the last event that may be gone before anybody read it. */
interface WhatFollows {
  readonly told: Variables;
  readonly receivers: readonly WebhookReceiver[];
  readonly oldId: number;
}

class SeedRun {
  readonly problems: string[] = [];
  private readonly lives: ServerLives;
  private readonly driver: Driver;
  private readonly resuming: readonly ResumingFollower[];
  private readonly plain: PlainFollower;
  private readonly polling: PollingFollower;
  private events = 0;

  constructor(
    private readonly seed: number,
    private readonly scenario: Scenario,
    private readonly installation: Installation & WhatFollows,
  ) {
    const { oldId } = installation;
    const variables = {
      ...installation.variables,
      ...installation.told,
      DATA_DIR: installation.dataDir,
      ALERT_RETENTION: '1h',
    };
    this.lives = new ServerLives(variables, scenario.lives);
    const nudge = (): void => this.polling.nudge();
    this.driver = new Driver(this.lives, nudge);
    const context = (name: string, n: number): FollowerContext => {
      const random = new Random(seed * 100 + n);
      const patience = (): number => random.whole(1, random.pick([4, 40, 400]));
      return { name, lives: this.lives, patience, onFrames: nudge };
    };
    this.resuming = [
      ...Array.from(
        { length: WEB_SOCKETS },
        (_, n) => new ResumingFollower(context(`WebSocket ${n + 1}`, n), resumeWebSocket, oldId),
      ),
      new ResumingFollower(context('event stream', 50), connectStream, oldId),
    ];
    this.plain = new PlainFollower(context('plain', 60));
    this.polling = new PollingFollower(this.lives, new Random(seed * 100 + 70), oldId);
  }

  get doing(): string {
    return this.driver.doing;
  }

  /** Changes whenever something was done. */
  get progress(): string {
    return `${this.doing} in life ${this.lives.figures.starts}`;
  }

  async run(): Promise<void> {
    const followers = [...this.resuming, this.plain, this.polling];
    const following = Promise.all(followers.map((follower) => follower.run()));
    // Whoever fails first is reported; the others end with the server.
    following.catch(() => undefined);
    await Promise.race([this.driver.run(this.scenario.steps), following.then(() => undefined)]);
    const caller = new Caller(this.lives, await this.lives.last());
    await this.driver.settle(caller);
    const { company, alerts } = this.scenario;
    await this.driver.checkUploads(caller);
    const log = (await caller.log()).filter(({ id }) => Number(id) > this.installation.oldId);
    this.events = log.length;
    for (const follower of followers) follower.finish(log.at(-1)?.id ?? '');
    await following;
    const { receivers } = this.installation;
    await Promise.all(receivers.map((receiver) => receiver.until(log.at(-1)?.id)));
    this.problems.push(
      ...(await compareTables(caller, company)),
      ...(await compareAlerts(caller, log, alerts)),
    );
    for (const follower of followers) follower.compare(log);
    for (const receiver of receivers)
      receiver.compare(log, this.lives.figures.starts, this.installation.oldId);
    this.checkClosings();
    await this.lives.stop('SIGTERM');
    const spooled = await readdir(join(this.installation.dataDir, 'spool'));
    if (spooled.length > 0) this.problems.push(`${spooled.length} files are left in the spool`);
  }

  /** A server that stops politely says so to every WebSocket. */
  private checkClosings(): void {
    for (const { closings } of [...this.resuming, this.plain]) {
      for (const { life, code } of closings) {
        if (this.lives.stopped.has(life) && code !== undefined && code !== 1001)
          this.problems.push(`Life ${life} stopped and closed a connection with ${code}`);
      }
    }
  }

  /** Ends what still runs. */
  async abandon(): Promise<void> {
    await this.lives.stop('SIGKILL');
  }

  report(): Omit<SeedReport, 'ms'> {
    const { lives, scenario, driver } = this;
    const followers = [...this.resuming, this.plain, this.polling];
    const { crashes, ...figures } = lives.figures;
    const problems = [
      ...lives.problems,
      ...driver.problems,
      ...this.problems,
      ...followers.flatMap((follower) => follower.problems.slice(0, 3)),
      ...this.installation.receivers.flatMap((receiver) => receiver.problems),
    ];
    return {
      seed: this.seed,
      problems,
      schedule: [
        ...(scenario.hasOldLog ? ['a log that is past its retention'] : []),
        ...scenario.steps.map(
          ({ step, events }, n) => `step ${n + 1}: ${describeStep(step)}, ${events} events`,
        ),
        ...scenario.lives.map((life, n) => `life ${n + 1}: ${describeLife(life)}`),
      ],
      log: problems.length === 0 ? [] : lives.log,
      ...figures,
      crashes: Object.fromEntries(crashes),
      events: this.events,
      frames: followers.reduce((sum, { frames }) => sum + frames, 0),
    };
  }
}
