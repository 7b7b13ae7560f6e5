import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Poller } from '../../lib/poller.js';
import type { Caller } from '../../domain/access/access.js';
import type { AuditAction, AuditFact, AuditEntry } from '../../domain/access/audit.js';
import type { ProblemCode } from '../http/problem.js';
import { Metrics } from '../observability/metrics.js';
import { AuditStore } from '../../storage/ports/audit.store.js';
import { AuditBuffer } from './audit-buffer.js';
import { RefusalThrottle, type Unlisted } from './refusal-throttle.js';
import { randomInt } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { Config } from '../../config/config.js';
import { RetentionJob } from '../lifecycle/retention-job.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';

/** Where the order within a millisecond begins; what is left above is room for more. */
const FIRST_ORDER = 2 ** 31;

/** Gives facts their moment and their id. Lines of one process sort as they were stamped, whatever its clock does. */
export class AuditStamp {
  private moment = 0;
  private order = 0;

  constructor(private readonly now: () => number) {}

  /** The fact as a line of this moment. */
  entryOf(fact: AuditFact): AuditEntry {
    const now = this.now();
    if (now > this.moment) {
      this.moment = now;
      this.order = randomInt(FIRST_ORDER);
    } else this.order += 1;
    const id = uuid({ msecs: this.moment, seq: this.order });
    return { id, at: new Date(this.moment).toISOString(), ...fact };
  }
}

/** A line takes about half a kilobyte. */
const BUFFER = { capacity: 10_000, batch: 200, retryMs: 1_000 };
/** Pause between two looks for minutes of refusals that have ended. */
const LOOK_MS = 10_000;

/** Over what somebody receives alerts as they happen, and its path. */
const CHANNELS = { sse: 'alerts/stream', websocket: 'ws/alerts' } as const;
export type AuditedChannel = keyof typeof CHANNELS;

/** Somebody who was not let in, or not to this. */
export interface Refusal {
  readonly address: string;
  /** What is bounded as one, such as the network of the address; absent: the address. */
  readonly network?: string;
  readonly action: AuditAction;
  readonly target: string;
  readonly code: ProblemCode;
  /** Who it was; rejects where nobody can be told. Asked only where a line is written. */
  readonly identify?: () => Promise<Caller>;
}

/** Keeps who did what: durably before the answer for what changes something, in the background for all else. */
@Injectable()
export class AuditLog implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AuditLog.name);
  private readonly stamp: AuditStamp;
  private readonly buffer: AuditBuffer;
  private readonly refusals = new RefusalThrottle();
  private readonly identifying = new Set<Promise<void>>();
  private readonly poller = new Poller(
    LOOK_MS,
    () => {
      this.tellUnlisted(this.clock.monotonic());
      return Promise.resolve();
    },
    (error) => this.logger.error({ err: error }, 'Refusals could not be summed up'),
  );
  private isDropping = false;

  constructor(
    @Inject(AuditStore) private readonly store: AuditStore,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.stamp = new AuditStamp(() => clock.now());
    this.buffer = new AuditBuffer((entries) => this.keep(entries), BUFFER, {
      dropped: (count) => this.reportDropped(count),
      failed: (error) =>
        this.logger.error({ err: error }, 'Lines of the audit log could not be kept; trying again'),
    });
  }

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  /** After the last request, and before the storage closes. */
  async onApplicationShutdown(): Promise<void> {
    await this.poller.stop();
    this.tellUnlisted(Infinity);
    await Promise.all(this.identifying);
    await this.buffer.close();
  }

  /**
   * Keeps a line; durable once it resolves. Throws StorageError when it cannot be kept: an operation that changes
   * something fails with that, though it is done by then, so that nobody takes for granted what no line tells of. The line
   * is then tried again in the background.
   */
  async record(fact: AuditFact): Promise<void> {
    const entry = this.stamp.entryOf(fact);
    try {
      await this.store.append([entry]);
    } catch (error) {
      this.buffer.add(entry);
      throw error;
    }
  }

  /** Keeps a line soon. Never fails what it tells of. */
  note(fact: AuditFact): void {
    this.buffer.add(this.stamp.entryOf(fact));
  }

  /** Somebody receives alerts from now on. */
  connected({ subject, role }: Caller, address: string, channel: AuditedChannel): void {
    const target = CHANNELS[channel];
    this.note({ subject, role, action: 'alerts.connect', target, outcome: 'allowed', address });
  }

  /** Somebody was refused. Of many refusals of one address most are only counted. */
  refused({ address, network = address, action, target, code, identify }: Refusal): void {
    const now = this.clock.monotonic();
    this.tellUnlisted(now);
    if (!this.refusals.take(network, now)) return;
    const entry = this.stamp.entryOf({
      subject: null,
      role: null,
      action,
      target,
      outcome: 'refused',
      code,
      address,
    });
    const identified = Promise.resolve(identify?.())
      // Nobody who can be told: that is what the line says already.
      .catch(() => undefined)
      .then((caller) => {
        const who = caller && { subject: caller.subject, role: caller.role };
        this.buffer.add({ ...entry, ...who });
        this.identifying.delete(identified);
      });
    this.identifying.add(identified);
  }

  private tellUnlisted(now: number): void {
    for (const unlisted of this.refusals.ended(now)) this.note(summaryOf(unlisted));
  }

  private async keep(entries: Parameters<AuditStore['append']>[0]): Promise<void> {
    await this.store.append(entries);
    this.isDropping = false;
  }

  private reportDropped(count: number): void {
    this.metrics.auditDropped.inc(count);
    if (!this.isDropping)
      this.logger.warn('Lines of the audit log are dropped: too many wait for the storage');
    this.isDropping = true;
  }
}

function summaryOf({ address, count }: Unlisted): AuditFact {
  return {
    subject: null,
    role: null,
    action: 'requests.more',
    target: 'requests',
    outcome: 'refused',
    count,
    address,
  };
}

/** Removes the lines of the audit log that are older than its retention. Nothing else removes one. */
@Injectable()
export class AuditRetention extends RetentionJob {
  constructor(@Inject(AuditStore) store: AuditStore, lifecycle: Lifecycle, clock: Clock, config: Config) {
    const failure = 'Old lines of the audit log could not be removed; trying again';
    super({ store, keptMs: config.auditRetentionMs, failure }, lifecycle, clock);
  }
}
