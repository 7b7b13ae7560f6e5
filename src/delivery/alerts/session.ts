import type { AlertLog } from '../../alerting/log/alert-log.js';
import type { AccessScopes } from '../../platform/auth/access-scopes.js';
import type { Admission } from '../../platform/auth/token-verifier.js';
import { isGranted, type AccessScope } from '../../domain/access/access.js';
import type { Metrics } from '../../platform/observability/metrics.js';
import type { Transport, EndReason } from './transport.js';
import type { FrameCache, FrameChunk, FrameQuery } from './frame-cache.js';
import type { AlertMessages } from './messages.js';
import { PLAIN_VIEW, scopedView, v1View, type AlertView, type ViewFilter } from './view.js';
import type { DeliveryMeter } from './delivery-meter.js';
import { type SnapshotReason, resumePosition } from './resume.js';
import type { SnapshotCache } from './snapshot-cache.js';
import type { Resume, SubscriptionRequest } from './client-protocol.js';

/** What every session needs from the application. */
export interface SessionContext {
  readonly log: AlertLog;
  readonly frames: FrameCache;
  readonly messages: AlertMessages;
  readonly snapshots: SnapshotCache;
  readonly metrics: Metrics;
  readonly meter: DeliveryMeter;
  readonly scopes: AccessScopes;
  /** Ends the connection and counts the reason. `error` is the failure that made it necessary, if there was one. */
  readonly end: (connection: Transport, reason: EndReason, error?: unknown) => void;
}

/** One subscriber: begins at the position that it asked for, and follows the log from there. */
export class Session implements CursorListener {
  /** The view that the subscriber asked for, and the part of it that its role may see. */
  private wanted: AlertView;
  private view: AlertView;
  private scope: AccessScope;
  private cursor: SessionCursor | undefined;

  constructor(
    private readonly context: SessionContext,
    readonly connection: Transport,
    private readonly request: SubscriptionRequest,
    private admission: Admission,
  ) {
    this.wanted = request.profile === 'plain' ? PLAIN_VIEW : v1View(request.filter);
    this.scope = context.scopes.of(admission.caller);
    this.view = scopedView(this.scope, this.wanted);
    this.admitUntil(admission.expiresAt);
  }

  get profile(): SubscriptionRequest['profile'] {
    return this.request.profile;
  }

  /** How many events the subscriber is behind. */
  get lag(): number {
    return this.cursor?.lag ?? 0;
  }

  /** Sends the greeting, and begins: live, with a replay, or with a snapshot. */
  begin(): void {
    const { connection, context, request } = this;
    connection.sendAlways(context.messages.connection());
    const resume = request.profile === 'v1' ? request.resume : undefined;
    if (resume !== undefined) {
      this.resume(resume);
      return;
    }
    const { head } = context.log;
    // A client that loses its connection before the first alert can resume as well.
    if (request.profile === 'v1') connection.sendAlways(context.messages.position(head));
    this.follow(head);
  }

  /** Writes what is due, or ends the connection when its admission is over. */
  pump(): void {
    this.connection.expiry.check();
    this.cursor?.pump();
  }

  /** Changes the filter from now on. */
  narrow(filter: ViewFilter): void {
    this.wanted = v1View(filter);
    this.updateView();
  }

  /** Continues with a new admission of the same subject; returns false for another subject. */
  readmit(admission: Admission): boolean {
    if (admission.caller.subject !== this.admission.caller.subject) return false;
    this.admission = admission;
    this.scope = this.context.scopes.of(admission.caller);
    if (!isGranted(admission.caller.role, 'read_alerts')) this.context.end(this.connection, 'role_lost');
    this.admitUntil(admission.expiresAt);
    this.updateView();
    return true;
  }

  /** Sends its position to a client of the v1 profile, when nothing is outstanding. */
  sendPosition(): void {
    const id = this.profile === 'v1' ? this.cursor?.position : undefined;
    if (id !== undefined) this.connection.send(this.context.messages.position(id));
  }

  /** To be called when the connection has ended. */
  ended(): void {
    this.connection.expiry.cancel();
    if (this.cursor?.isReplaying === true) this.context.metrics.replays.inc({ outcome: 'interrupted' });
  }

  onWritten(chunk: FrameChunk, isLive: boolean): void {
    this.context.meter.record(chunk, isLive);
  }

  onReplayed(count: number, until: number): void {
    this.context.metrics.replays.inc({ outcome: 'complete' });
    this.connection.sendAlways(this.context.messages.replayComplete(count, until));
  }

  onTrimmed(): number | undefined {
    if (this.profile === 'v1') return this.sendSnapshot('trimmed_id');
    this.context.end(this.connection, 'position_lost');
    return undefined;
  }

  onFailure(error: unknown): void {
    this.context.end(this.connection, 'log_unreadable', error);
  }

  private resume(resume: Resume): void {
    const { log } = this.context;
    resumePosition(resume, log).then(
      (position) => {
        if ('after' in position) this.follow(position.after, log.head);
        else this.follow(this.sendSnapshot(position.snapshot));
      },
      (error: unknown) => this.onFailure(error),
    );
  }

  private updateView(): void {
    this.view = scopedView(this.scope, this.wanted);
    this.cursor?.show(this.view);
  }

  private admitUntil(time: number | undefined): void {
    const { connection, context } = this;
    connection.expiry.set(time, () => {
      // A connection that is ending for another reason has been counted under that one.
      if (connection.isEnding) return;
      context.end(connection, 'token_expired');
    });
  }

  private follow(cursor: number, replayUntil?: number): void {
    const options = { view: this.view, cursor, ...(replayUntil === undefined ? {} : { replayUntil }) };
    this.cursor = new SessionCursor(this.context.frames, this.connection, this, options);
    this.cursor.pump();
  }

  /** Sends what fires. Returns the id up to which the snapshot is complete. */
  private sendSnapshot(reason: SnapshotReason): number {
    const { snapshots, metrics, log } = this.context;
    metrics.replays.inc({ outcome: reason });
    if (this.connection.isOpen)
      this.connection.write(snapshots.frame(reason, this.view, this.connection.encoding));
    return log.head;
  }
}

/** What a cursor reports. */
export interface CursorListener {
  /** A chunk was written; `isLive` unless it belongs to a replay. */
  onWritten(chunk: FrameChunk, isLive: boolean): void;
  /** Every event up to `until` was written, `count` messages in all; what follows is live. */
  onReplayed(count: number, until: number): void;
  /** The log does not hold the events after the cursor any more. Returns where to continue, or undefined to stop. */
  onTrimmed(): number | undefined;
  /** The log could not be read; the cursor stops. */
  onFailure(error: unknown): void;
}

export interface CursorOptions {
  readonly view: AlertView;
  /** The events after this id are sent. */
  readonly cursor: number;
  /** Events up to this id are sent as replayed. */
  readonly replayUntil?: number;
}

/**
 * A position in the log and the connection that it writes to. A slow reader gets frames from the ring, then from the
 * log, as fast as its connection drains: no queue grows, and no other reader waits.
 */
export class SessionCursor {
  private cursor: number;
  private view: AlertView;
  private isWaiting = false;
  private replay: { readonly until: number; count: number } | undefined;

  constructor(
    private readonly frames: FrameCache,
    private readonly connection: Transport,
    private readonly listener: CursorListener,
    { view, cursor, replayUntil }: CursorOptions,
  ) {
    this.cursor = cursor;
    this.view = view;
    if (replayUntil !== undefined) this.replay = { until: replayUntil, count: 0 };
  }

  /** The id up to which everything was written; undefined while something is outstanding. */
  get position(): number | undefined {
    return this.replay === undefined && this.cursor === this.frames.head ? this.cursor : undefined;
  }

  /** How many events the subscriber is behind. */
  get lag(): number {
    return Math.max(0, this.frames.head - this.cursor);
  }

  /** True until the replay that was asked for is written. */
  get isReplaying(): boolean {
    return this.replay !== undefined;
  }

  /** Changes the view from now on. */
  show(view: AlertView): void {
    this.view = view;
  }

  /** Writes what is due. Safe to call at any time. */
  pump(): void {
    while (!this.isWaiting && this.connection.isOpen) {
      this.endReplayIfDue();
      if (this.cursor >= this.frames.head) return;
      if (this.connection.isCongested) {
        this.waitFor((resume) => this.connection.onceDrained(resume));
        return;
      }
      const query = this.query();
      const chunk = this.frames.recent(query);
      if (chunk) this.write(chunk);
      else this.readLog(query);
    }
  }

  private query(): FrameQuery {
    const { view, cursor, replay } = this;
    const { encoding } = this.connection;
    return replay ? { view, encoding, cursor, until: replay.until } : { view, encoding, cursor };
  }

  private endReplayIfDue(): void {
    if (!this.replay || this.cursor < this.replay.until) return;
    const { count, until } = this.replay;
    this.replay = undefined;
    this.listener.onReplayed(count, until);
  }

  private readLog(query: FrameQuery): void {
    this.waitFor((resume) => {
      this.frames.past(query).then(
        (chunk) => {
          if (chunk !== 'trimmed') {
            this.write(chunk);
            resume();
            return;
          }
          const cursor = this.listener.onTrimmed();
          if (cursor === undefined) return;
          this.replay = undefined;
          this.cursor = cursor;
          resume();
        },
        (error: unknown) => this.listener.onFailure(error),
      );
    });
  }

  private write(chunk: FrameChunk): void {
    const { frames, count, upTo } = chunk;
    // The connection may have ended while the log was read.
    if (frames.length > 0 && this.connection.isOpen) {
      this.connection.write(frames);
      this.listener.onWritten(chunk, this.replay === undefined);
    }
    if (this.replay) this.replay.count += count;
    this.cursor = upTo;
  }

  private waitFor(begin: (resume: () => void) => void): void {
    this.isWaiting = true;
    begin(() => {
      this.isWaiting = false;
      this.pump();
    });
  }
}
