import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { PeriodicJob } from '../../lib/periodic-job.js';
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

/** The exclusive upper bound of the first sequence number in a millisecond. The rest of the 32 bits is for the lines after it. */
const FIRST_ORDER = 2 ** 31;

/** Gives each fact its time and its id. Ids of one process sort in the order of the calls, also when the clock goes back. */
export class AuditStamp {
  private moment = 0;
  private order = 0;

  constructor(private readonly now: () => number) {}

  /** The fact as an entry of this moment. */
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

/** An entry takes about half a kilobyte of memory. */
const BUFFER = { capacity: 10_000, batch: 200, retryMs: 1_000 };
/** How often summaries of ended minutes of refusals are written. */
const SUMMARY_EVERY_MS = 10_000;

/** The live channels and their paths below the API prefix. */
const CHANNELS = { sse: 'alerts/stream', websocket: 'ws/alerts' } as const;
export type AuditedChannel = keyof typeof CHANNELS;

/** A refused request or connection. */
export interface Refusal {
  readonly address: string;
  /** The unit by which lines are bounded, such as the network of the address. Absent: the address. */
  readonly network?: string;
  readonly action: AuditAction;
  readonly target: string;
  readonly code: ProblemCode;
  /** Identifies the caller; rejects where that is not possible. Called only when a line is written. */
  readonly identify?: () => Promise<Caller>;
}

/** Records who did what: durably before the response for changes, in the background for everything else. */
@Injectable()
export class AuditLog implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AuditLog.name);
  private readonly stamp: AuditStamp;
  private readonly buffer: AuditBuffer;
  private readonly refusals = new RefusalThrottle();
  private readonly identifying = new Set<Promise<void>>();
  private readonly summaries = new PeriodicJob(
    {
      everyMs: SUMMARY_EVERY_MS,
      logger: this.logger,
      failure: 'Writing the summaries of refused requests failed',
    },
    () => {
      this.writeSummaries(this.clock.monotonic());
      return Promise.resolve();
    },
  );
  private isDropping = false;

  constructor(
    @Inject(AuditStore) private readonly store: AuditStore,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.stamp = new AuditStamp(() => clock.now());
    this.buffer = new AuditBuffer((entries) => this.append(entries), BUFFER, {
      dropped: (count) => this.reportDropped(count),
      failed: (error) => this.logger.error({ err: error }, 'Writing to the audit log failed; trying again'),
    });
  }

  onApplicationBootstrap(): void {
    this.summaries.start();
  }

  /** Runs after the last request and before the storage closes. */
  async onApplicationShutdown(): Promise<void> {
    await this.summaries.stop();
    this.writeSummaries(Infinity);
    await Promise.all(this.identifying);
    await this.buffer.close();
  }

  /**
   * Records a fact durably before it resolves. Throws StorageError when that fails: the operation then fails too, although
   * its change is done, so that no caller gets a success that the log does not hold. The write is repeated in the
   * background.
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

  /** Records a fact in the background. Never throws, so that it cannot fail the operation. */
  note(fact: AuditFact): void {
    this.buffer.add(this.stamp.entryOf(fact));
  }

  /** Records that a caller receives alerts from now on. */
  connected({ subject, role }: Caller, address: string, channel: AuditedChannel): void {
    const target = CHANNELS[channel];
    this.note({ subject, role, action: 'alerts.connect', target, outcome: 'allowed', address });
  }

  /** Records a refusal. Of many refusals of one address most are only counted. */
  refused({ address, network = address, action, target, code, identify }: Refusal): void {
    const now = this.clock.monotonic();
    this.writeSummaries(now);
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
      // The caller cannot be identified: the entry says so already.
      .catch(() => undefined)
      .then((caller) => {
        const who = caller && { subject: caller.subject, role: caller.role };
        this.buffer.add({ ...entry, ...who });
        this.identifying.delete(identified);
      });
    this.identifying.add(identified);
  }

  private writeSummaries(now: number): void {
    for (const unlisted of this.refusals.ended(now)) this.note(summaryOf(unlisted));
  }

  private async append(entries: Parameters<AuditStore['append']>[0]): Promise<void> {
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

/** Removes the entries of the audit log that are older than its retention. Nothing else removes an entry. */
@Injectable()
export class AuditRetention extends RetentionJob {
  constructor(@Inject(AuditStore) store: AuditStore, lifecycle: Lifecycle, clock: Clock, config: Config) {
    const failure = 'Removing old lines of the audit log failed; trying again';
    super({ store, keptMs: config.auditRetentionMs, failure }, lifecycle, clock);
  }
}
