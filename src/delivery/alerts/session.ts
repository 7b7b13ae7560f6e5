import type { AlertLog } from '../../alerting/log/alert-log.js';
import type { AccessScopes } from '../../platform/auth/access-scopes.js';
import type { Admission } from '../../platform/auth/token-verifier.js';
import type { Clock } from '../../lib/clock.js';
import { isGranted, type AccessScope } from '../../domain/access/access.js';
import type { Metrics } from '../../platform/observability/metrics.js';
import type { Transport, EndReason } from './transport.js';
import type { FrameCache, FeedChunk } from './frame-cache.js';
import type { AlertMessages } from './messages.js';
import { SessionCursor, type SubscriberHandlers } from './session-cursor.js';
import { PLAIN_VIEW, scopedView, v1View, type AlertView, type ViewFilter } from './view.js';
import type { DeliveryMeter } from './delivery-meter.js';
import { type SnapshotReason, resumePosition } from './resume.js';
import type { SnapshotCache } from './snapshot-cache.js';
import type { Resume, SubscriptionRequest } from './client-protocol.js';

/** The longest that a timer of Node can wait: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls back once at a time that can be moved. */
class RetentionJob {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly onExpired: () => void,
  ) {}

  /** `time`: milliseconds since 1970; undefined: never. */
  set(time: number | undefined): void {
    clearTimeout(this.timer);
    if (time === undefined) return;
    const left = Math.max(0, time - this.clock.now());
    this.timer = setTimeout(
      () => {
        if (this.clock.now() < time) this.set(time);
        else this.onExpired();
      },
      Math.min(left, LONGEST_MS),
    );
    this.timer.unref();
  }

  cancel(): void {
    clearTimeout(this.timer);
  }
}

/** What every subscription needs from the application. */
export interface SubscriptionContext {
  readonly log: AlertLog;
  readonly feed: FrameCache;
  readonly messages: AlertMessages;
  readonly snapshots: SnapshotCache;
  readonly metrics: Metrics;
  readonly meter: DeliveryMeter;
  readonly scopes: AccessScopes;
  readonly clock: Clock;
  /** Ends the connection and counts why. `error` is what made it necessary, if something failed. */
  readonly end: (connection: Transport, reason: EndReason, error?: unknown) => void;
}

/** One subscriber: begins where it asked to, and follows the log from there. */
export class Session implements SubscriberHandlers {
  /** What was asked for, and what of it may be seen. */
  private wanted: AlertView;
  private view: AlertView;
  private scope: AccessScope;
  private readonly expiry: RetentionJob;
  private subscriber: SessionCursor | undefined;

  constructor(
    private readonly context: SubscriptionContext,
    readonly connection: Transport,
    private readonly request: SubscriptionRequest,
    private admission: Admission,
  ) {
    this.wanted = request.profile === 'plain' ? PLAIN_VIEW : v1View(request.filter);
    this.scope = context.scopes.of(admission.caller);
    this.view = scopedView(this.scope, this.wanted);
    this.expiry = new RetentionJob(context.clock, () => context.end(connection, 'token_expired'));
    this.admitUntil(admission.expiresAt);
  }

  get profile(): SubscriptionRequest['profile'] {
    return this.request.profile;
  }

  /** How many events the subscriber is behind. */
  get lag(): number {
    return this.subscriber?.lag ?? 0;
  }

  /** Greets, and begins: live, with a replay, or with a snapshot. */
  begin(): void {
    const { connection, context, request } = this;
    connection.sendAlways(context.messages.connection());
    const resume = request.profile === 'v1' ? request.resume : undefined;
    if (resume !== undefined) {
      this.resume(resume);
      return;
    }
    const { head } = context.log;
    // Whoever is cut off before the first alert can resume as well.
    if (request.profile === 'v1') connection.sendAlways(context.messages.position(head));
    this.follow(head);
  }

  /** Writes what is due, or ends the connection when its time is over: a timer may be late, or the clock be set. */
  pump(): void {
    if (this.connection.hasExpired) this.context.end(this.connection, 'token_expired');
    else this.subscriber?.pump();
  }

  /** Changes what is sent from now on. */
  narrow(filter: ViewFilter): void {
    this.wanted = v1View(filter);
    this.look();
  }

  /** Goes on with a new admission of the same subject; false when it is somebody else's. */
  readmit(admission: Admission): boolean {
    if (admission.caller.subject !== this.admission.caller.subject) return false;
    this.admission = admission;
    this.scope = this.context.scopes.of(admission.caller);
    if (!isGranted(admission.caller.role, 'read_alerts')) this.context.end(this.connection, 'role_lost');
    this.admitUntil(admission.expiresAt);
    this.look();
    return true;
  }

  /** Tells a client of the v1 profile where it stands, when nothing is outstanding. */
  tellPosition(): void {
    const id = this.profile === 'v1' ? this.subscriber?.position : undefined;
    if (id !== undefined) this.connection.send(this.context.messages.position(id));
  }

  /** To be called when the connection has ended. */
  ended(): void {
    this.expiry.cancel();
    if (this.subscriber?.isReplaying === true) this.context.metrics.replays.inc({ outcome: 'interrupted' });
  }

  private resume(resume: Resume): void {
    const { log } = this.context;
    resumePosition(resume, log).then(
      (position) => {
        if ('after' in position) this.follow(position.after, log.head);
        else this.follow(this.snapshot(position.snapshot));
      },
      (error: unknown) => this.context.end(this.connection, 'log_unreadable', error),
    );
  }

  onWritten(chunk: FeedChunk, isLive: boolean): void {
    this.context.meter.record(chunk, isLive);
  }

  onReplayed(count: number, until: number): void {
    this.context.metrics.replays.inc({ outcome: 'complete' });
    this.connection.sendAlways(this.context.messages.replayComplete(count, until));
  }

  onTrimmed(): number | undefined {
    if (this.profile === 'v1') return this.snapshot('trimmed_id');
    this.context.end(this.connection, 'position_lost');
    return undefined;
  }

  onFailure(error: unknown): void {
    this.context.end(this.connection, 'log_unreadable', error);
  }

  /** Changes what is sent from now on to what is wanted and may be seen now. */
  private look(): void {
    this.view = scopedView(this.scope, this.wanted);
    this.subscriber?.look(this.view);
  }

  private admitUntil(time: number | undefined): void {
    this.connection.admitUntil(time);
    this.expiry.set(time);
  }

  private follow(cursor: number, replayUntil?: number): void {
    const options = { view: this.view, cursor, ...(replayUntil === undefined ? {} : { replayUntil }) };
    this.subscriber = new SessionCursor(this.context.feed, this.connection, this, options);
    this.subscriber.pump();
  }

  /** Sends what fires, and answers the id up to which it tells all. */
  private snapshot(reason: SnapshotReason): number {
    const { snapshots, metrics, log } = this.context;
    metrics.replays.inc({ outcome: reason });
    if (this.connection.isOpen)
      this.connection.write(snapshots.frame(reason, this.view, this.connection.encoding));
    return log.head;
  }
}
