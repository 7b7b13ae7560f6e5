import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet } from './fleet.js';
import type { FleetInstance } from './fleet-instance.js';
import type { FleetPlan, FleetSize, Kill } from './fleet-plan.js';
import type { Outage } from './latencies.js';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Does to a fleet what its plan says, while others upload and follow. */
export class Trials {
  /** For the report of a failure. */
  doing = 'nothing yet';
  /** The time without Redis, once it is over. */
  outage: Outage = { from: Infinity, to: Infinity };
  private readonly waiting = new Set<Waiting>();

  /** `stop` aborts when the run is given up: nothing is started after that. */
  constructor(
    private readonly fleet: Fleet,
    private readonly size: FleetSize,
    private readonly plan: FleetPlan,
    private readonly stop: AbortSignal,
  ) {
    stop.addEventListener('abort', () => {
      for (const { reject } of this.waiting) reject(new Error('The run was given up'));
    });
  }

  /** Resolves when all is done and every instance is ready. */
  async run(): Promise<void> {
    await this.calm();
    for (const kill of this.plan.kills) await this.kill(kill);
    await this.calm();
    await this.doWithoutRedis();
    await this.calm();
    for (const number of this.plan.rolling) await this.restart(this.fleet.instance(number));
    await this.calm();
  }

  /** To be called when an upload has ended. */
  uploadEnded(): void {
    for (const { resolve } of this.waiting) resolve();
    this.waiting.clear();
  }

  private async calm(): Promise<void> {
    this.doing = 'uploading';
    for (let ended = 0; ended < this.size.calm; ended += 1) await this.nextEnd();
  }

  private async kill({ instance: number, afterMs, downMs }: Kill): Promise<void> {
    const instance = this.fleet.instance(number);
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
    // Whoever fails before it is over is told of.
    enough.catch(() => undefined);
    await this.calm();
    for (const kill of this.plan.killsWithoutRedis) await this.kill(kill);
    this.doing = 'doing without Redis';
    await enough;
    await redis.again();
    this.doing = 'waiting for Redis to be used again';
    await Promise.all(instances.map((instance) => instance.says((status) => status === 'ok')));
    this.outage = { from, to: Date.now() };
  }

  private async restart(instance: FleetInstance): Promise<void> {
    this.doing = `restarting ${instance.name}`;
    await instance.stop();
    this.stop.throwIfAborted();
    await instance.start();
  }

  private async pass(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stop });
  }

  private async nextEnd(): Promise<void> {
    this.stop.throwIfAborted();
    await new Promise<void>((resolve, reject) => this.waiting.add({ resolve, reject }));
  }
}
