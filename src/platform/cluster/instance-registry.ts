import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Poller } from '../../lib/poller.js';
import { InstanceStore, type InstanceBeat } from '../../storage/ports/instance.store.js';
import { ThisInstance } from './this-instance.js';

/** Pause between two beats. */
const BEAT_MS = 15_000;
/** An instance on another machine that has not beaten for this long is gone. */
const GONE_MS = 60_000;
/** After this long without a beat nobody waits for an instance, or for its machine, any more. */
const FORGOTTEN_MS = 600_000;

/** What is known of other instances at one moment. */
export interface Presence {
  /**
   * True when the instance does not run any more: it has left; or it was a process of this machine that has ended; or
   * it has not beaten for a minute. This instance is never gone.
   */
  isGone(instance: string): boolean;
  /** True when there has been no sign of the instance for ten minutes: it will not be back. */
  isForgotten(instance: string): boolean;
  /** True when no other instance runs. */
  readonly isAlone: boolean;
}

/** The last sign of life of an instance: the beat that was seen (undefined: none at all), and when it was new to us. */
interface Sign {
  readonly beat: number | undefined;
  readonly at: number;
}

/**
 * Tells others that this process is up, and tells which others are. A beat is a number that grows; how long it stands
 * still is measured by this process's own monotonic clock, so clocks of different machines are never compared.
 */
@Injectable()
export class InstanceRegistry implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(InstanceRegistry.name);
  private readonly signs = new Map<string, Sign>();
  private readonly poller = new Poller(
    BEAT_MS,
    () => this.beat(),
    (error) => this.reportFailure(error),
  );
  private last: InstanceBeat;
  private failing = false;

  constructor(
    @Inject(InstanceStore) private readonly store: InstanceStore,
    private readonly clock: Clock,
    private readonly self: ThisInstance,
  ) {
    this.last = { instance: self.id, host: self.host, pid: self.pid, beat: 0 };
  }

  async onModuleInit(): Promise<void> {
    await this.beat();
    this.poller.start();
  }

  /** Leaves, so that others need not wait to go on with what this process did not finish. */
  async onApplicationShutdown(): Promise<void> {
    await this.poller.stop();
    await this.store
      .remove(this.last)
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'This instance could not be taken from the list; others find out'),
      );
  }

  /** The id of this run of the process. */
  get id(): string {
    return this.self.id;
  }

  /** Shows that this process lives, looks who else does, and drops from the list those that are gone. Throws StorageError. */
  async beat(): Promise<void> {
    const next = { ...this.last, beat: this.last.beat + 1 };
    await this.store.beat(next);
    this.last = next;
    const rows = await this.observe();
    for (const row of rows.values()) if (this.isGone(row.instance, row)) await this.store.remove(row);
    this.dropOldSigns(rows);
    if (this.failing) this.logger.log('The list of instances can be kept again');
    this.failing = false;
  }

  /**
   * Whether another instance that is not gone holds something, by what is kept as its holder: empty where none does. Throws
   * StorageError.
   */
  async isHeldByAnother(holder: string): Promise<boolean> {
    if (holder === '' || holder === this.id) return false;
    return !(await this.look()).isGone(holder);
  }

  /**
   * Looks who is there. Read what names an instance before, not after: an instance is in the list before it leaves its
   * name anywhere, so one that is not in a later list has left. Throws StorageError.
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
    // Who had our process id before us is our predecessor, as after the restart of a container.
    const { host, pid } = this.self;
    if (row.host === host && (row.pid === pid || !isRunning(row.pid))) return true;
    return this.silence(instance) >= GONE_MS;
  }

  private isForgotten(instance: string): boolean {
    return instance !== this.id && this.silence(instance) >= FORGOTTEN_MS;
  }

  /** How long ago the last sign of an instance was; of one never heard of, from the first time that it is asked for. */
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

  private reportFailure(error: unknown): void {
    if (!this.failing)
      this.logger.error({ err: error }, 'The list of instances cannot be kept; trying again');
    this.failing = true;
  }
}

/** Whether a process of this machine runs. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}
