import type { Variables } from '../support/app/app.js';
import { ServerProcess } from '../support/app/server-process.js';
import { describeLife, type Life } from './life-plan.js';

/** The server in one of its lives, once it listens. */
export interface LiveServer {
  readonly url: string;
  /** From 1. */
  readonly life: number;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
}

/** What happened to the server. */
export interface LifeFigures {
  starts: number;
  kills: number;
  stops: number;
  /** How often each failpoint ended a life. */
  readonly crashes: Map<string, number>;
}

/** The product promises ten seconds between SIGTERM and the end; a busy machine may add to them. */
const STOP_DEADLINE_MS = 12_000;

/** Starts the server, ends it as planned, and starts it again, life after life. */
export class ServerLives {
  readonly figures: LifeFigures = { starts: 0, kills: 0, stops: 0, crashes: new Map() };
  /** What the server did that it must not do. */
  readonly problems: string[] = [];
  /** The lives that ended as they were politely asked to. */
  readonly stopped = new Set<number>();
  private readonly waiting = new Set<() => void>();
  private process: ServerProcess | undefined;
  private live: LiveServer | undefined;
  private number = 0;
  private steps = 0;
  private endedBy: 'SIGKILL' | 'SIGTERM' | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly variables: Variables,
    private readonly plan: readonly Life[],
  ) {}

  /** The log of the last life. */
  get log(): readonly string[] {
    return this.process?.lines ?? [];
  }

  /** True when this life was asked to end politely. */
  get isStopping(): boolean {
    return this.endedBy === 'SIGTERM';
  }

  /** True until a step was done in this life. */
  get isFresh(): boolean {
    return this.steps === 0;
  }

  /** The server that runs; when none does, the next life begins. */
  async running(): Promise<LiveServer> {
    while (!this.live) {
      const problem = this.problems[0];
      if (problem !== undefined) throw new Error(problem);
      await this.begin();
    }
    return this.live;
  }

  /** The server once it listens in a later life than this one. For those who cannot start it. */
  async listening(after: number): Promise<LiveServer> {
    while (!this.live || this.live.life <= after) {
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
    return this.live;
  }

  /** To be called when a step begins, or begins again: the end of this life may be in it. */
  stepBegins(): void {
    const { end } = this.life;
    if (end?.during !== 'step' || this.timer !== undefined || this.steps < end.steps) return;
    this.timer = setTimeout(() => this.end(end.signal), end.afterMs);
  }

  /** To be called when a step is done: a life that was to end in it ends now. */
  async stepDone(): Promise<void> {
    this.steps += 1;
    const { end } = this.life;
    if (end?.during !== 'step' || this.timer === undefined) return;
    this.end(end.signal);
    await this.live?.gone;
  }

  /** The last life, in which nothing is planned. */
  async last(): Promise<LiveServer> {
    while (this.number < this.plan.length) {
      if (this.live && this.life.end?.during === 'step') this.end(this.life.end.signal);
      await this.live?.gone;
      this.number = Math.max(this.number, this.plan.length - 1);
      await this.running();
    }
    return this.running();
  }

  /** Stops the last life politely; kills what does not. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!this.process) return;
    const gone = this.live?.gone ?? this.process.ended;
    this.end(signal);
    await gone;
  }

  private get life(): Life {
    return this.plan[this.number - 1] ?? {};
  }

  private async begin(): Promise<void> {
    this.number += 1;
    this.figures.starts += 1;
    this.steps = 0;
    this.endedBy = undefined;
    const { crashAt, end } = this.life;
    const armed = crashAt === undefined ? {} : { PULSEWATCH_TEST_CRASH_AT: crashAt };
    const process = ServerProcess.spawn({ ...this.variables, ...armed });
    this.process = process;
    if (end?.during === 'start') this.timer = setTimeout(() => this.end('SIGKILL'), end.afterMs);
    const gone = process.ended.then((how) => this.died(how));
    const url = await process.listening;
    if (url === undefined) return gone;
    this.live = { url, life: this.number, gone };
    for (const wake of this.waiting) wake();
    this.waiting.clear();
    // Whoever listens before a kill "during start" comes has been too fast for it: it comes nevertheless.
    if (end?.during === 'start') await gone;
  }

  private end(signal: 'SIGKILL' | 'SIGTERM'): void {
    clearTimeout(this.timer);
    if (!this.process || this.endedBy !== undefined) return;
    const { process } = this;
    this.endedBy = signal;
    process.signal(signal);
    if (signal === 'SIGKILL') return;
    this.timer = setTimeout(() => {
      this.problems.push(`The server did not stop within ${STOP_DEADLINE_MS} ms of SIGTERM`);
      process.signal('SIGKILL');
    }, STOP_DEADLINE_MS);
  }

  private died({ code, signal }: { code: number | null; signal: string | null }): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.live = undefined;
    // Nothing that is done to the server here is an error to it, except that it ends.
    const error = this.log.find((line) => /"level":[56]0/.test(line));
    if (error !== undefined) this.problems.push(`In life ${this.number} the server logged ${error}`);
    const { crashAt } = this.life;
    const { figures } = this;
    if (signal === 'SIGKILL' && this.endedBy === 'SIGKILL') figures.kills += 1;
    else if (signal === 'SIGKILL' && crashAt !== undefined)
      figures.crashes.set(crashAt, (figures.crashes.get(crashAt) ?? 0) + 1);
    else if (code === 0 && this.endedBy === 'SIGTERM') {
      figures.stops += 1;
      this.stopped.add(this.number);
    } else {
      const life = `life ${this.number} (${describeLife(this.life)})`;
      this.problems.push(`In ${life} the server ended by itself: code ${code}, signal ${signal}`);
    }
  }
}
