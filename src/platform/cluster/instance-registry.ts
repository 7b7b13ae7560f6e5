import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { codeOf } from '../../lib/error-code.js';
import { PeriodicJob } from '../../lib/periodic-job.js';
import { InstanceStore, type InstanceBeat } from '../../storage/ports/instance.store.js';
import { ThisInstance } from './this-instance.js';

/** The pause between two heartbeats. */
const BEAT_MS = 15_000;
/** An instance of another machine without a heartbeat for this long is gone. */
const GONE_MS = 60_000;
/** An instance without a heartbeat for this long will not be back, nor its machine. */
const FORGOTTEN_MS = 600_000;

/** The state of the other instances at one moment. */
export interface Presence {
  /**
   * True when the instance no longer runs: it has removed itself; or it was a process of this machine that has ended; or
   * its heartbeat is older than a minute. This instance is never gone.
   */
  isGone(instance: string): boolean;
  /** True when the instance has had no heartbeat for ten minutes: it will not be back. */
  isForgotten(instance: string): boolean;
  /** True when no other instance runs. */
  readonly isAlone: boolean;
}

/** The newest heartbeat of an instance (undefined: none was seen), and the monotonic time at which this process first saw it. */
interface Sign {
  readonly beat: number | undefined;
  readonly at: number;
}

/**
 * Announces this process to the other instances, and determines which of them run. A heartbeat is a number that grows. How
 * long it stands still is measured by the monotonic clock of this process, so clocks of different machines are never
 * compared.
 */
@Injectable()
export class InstanceRegistry implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(InstanceRegistry.name);
  private readonly signs = new Map<string, Sign>();
  private readonly heartbeat = new PeriodicJob(
    {
      everyMs: BEAT_MS,
      logger: this.logger,
      failure: 'Updating the list of instances failed; trying again',
      recovery: 'The list of instances is updated again',
    },
    () => this.beat(),
  );
  private last: InstanceBeat;

  constructor(
    @Inject(InstanceStore) private readonly store: InstanceStore,
    private readonly clock: Clock,
    private readonly self: ThisInstance,
  ) {
    this.last = { instance: self.id, host: self.host, pid: self.pid, beat: 0 };
  }

  async onModuleInit(): Promise<void> {
    await this.beat();
    this.heartbeat.start();
  }

  /** Removes this instance from the list, so that others need not wait before they continue its work. */
  async onApplicationShutdown(): Promise<void> {
    await this.heartbeat.stop();
    await this.store
      .remove(this.last)
      .catch((error: unknown) =>
        this.logger.warn(
          { err: error },
          'Removing this instance from the list failed; the others detect that it is gone',
        ),
      );
  }

  /** The id of this run of the process. */
  get id(): string {
    return this.self.id;
  }

  /** Writes the heartbeat, reads those of the others, and removes the instances that are gone. Throws StorageError. */
  async beat(): Promise<void> {
    const next = { ...this.last, beat: this.last.beat + 1 };
    await this.store.beat(next);
    this.last = next;
    const rows = await this.observe();
    for (const row of rows.values()) if (this.isGone(row.instance, row)) await this.store.remove(row);
    this.dropOldSigns(rows);
  }

  /**
   * Whether another instance that is not gone is the holder. An empty holder means that no instance holds the thing. Throws
   * StorageError.
   */
  async isHeldByAnother(holder: string): Promise<boolean> {
    if (holder === '' || holder === this.id) return false;
    return !(await this.look()).isGone(holder);
  }

  /**
   * Reads the list of instances. Read the data that names an instance before this call, not after it: an instance is in the
   * list before it writes its name anywhere, so an instance that a later list lacks is gone. Throws StorageError.
   */
  async look(): Promise<Presence> {
    const rows = await this.observe();
    return {
      isGone: (instance) => this.isGone(instance, rows.get(instance)),
      isForgotten: (instance) => this.isForgotten(instance),
      isAlone: [...rows.values()].every((row) => row.instance === this.id || this.isGone(row.instance, row)),
    };
  }

  private async observe(): Promise<Map<string, InstanceBeat>> {
    const rows = new Map((await this.store.list()).map((row) => [row.instance, row]));
    for (const { instance, beat } of rows.values()) {
      if (this.signs.get(instance)?.beat !== beat)
        this.signs.set(instance, { beat, at: this.clock.monotonic() });
    }
    return rows;
  }

  private isGone(instance: string, row: InstanceBeat | undefined): boolean {
    if (instance === this.id) return false;
    if (!row) return true;
    // An instance with the process id of this one is its predecessor, as after the restart of a container.
    const { host, pid } = this.self;
    if (row.host === host && (row.pid === pid || !isRunning(row.pid))) return true;
    return this.silence(instance) >= GONE_MS;
  }

  private isForgotten(instance: string): boolean {
    return instance !== this.id && this.silence(instance) >= FORGOTTEN_MS;
  }

  /** Milliseconds since the newest heartbeat. For an instance without one they count from the first call. */
  private silence(instance: string): number {
    const now = this.clock.monotonic();
    const sign = this.signs.get(instance) ?? { beat: undefined, at: now };
    this.signs.set(instance, sign);
    return now - sign.at;
  }

  private dropOldSigns(rows: ReadonlyMap<string, InstanceBeat>): void {
    const oldest = this.clock.monotonic() - 2 * FORGOTTEN_MS;
    for (const [instance, { at }] of this.signs)
      if (at < oldest && !rows.has(instance)) this.signs.delete(instance);
  }
}

/** Whether a process of this machine runs. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process runs as another user.
    return codeOf(error) === 'EPERM';
  }
}
