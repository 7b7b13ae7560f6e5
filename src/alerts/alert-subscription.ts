import type { AlertLog } from '../alert-log/alert-log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { AlertConnection, EndReason } from './alert-connection.js';
import type { AlertFeed, FeedChunk } from './alert-feed.js';
import type { AlertMessages } from './alert-messages.js';
import { AlertSubscriber, type SubscriberHandlers } from './alert-subscriber.js';
import { PLAIN_VIEW, v1View, type AlertView, type ViewFilter } from './alert-view.js';
import type { DeliveryMeter } from './delivery-meter.js';
import type { SnapshotReason } from './replay-position.js';
import { resumePosition } from './resume-position.js';
import type { SnapshotFrames } from './snapshot-frames.js';
import type { Resume, SubscriptionRequest } from './subscription-request.js';

/** What every subscription needs from the application. */
export interface SubscriptionContext {
  readonly log: AlertLog;
  readonly feed: AlertFeed;
  readonly messages: AlertMessages;
  readonly snapshots: SnapshotFrames;
  readonly metrics: Metrics;
  readonly meter: DeliveryMeter;
  /** Ends the connection and counts why. `error` is what made it necessary, if something failed. */
  readonly end: (connection: AlertConnection, reason: EndReason, error?: unknown) => void;
}

/** One subscriber: begins where it asked to, and follows the log from there. */
export class AlertSubscription implements SubscriberHandlers {
  private view: AlertView;
  private subscriber: AlertSubscriber | undefined;

  constructor(
    private readonly context: SubscriptionContext,
    readonly connection: AlertConnection,
    private readonly request: SubscriptionRequest,
  ) {
    this.view = request.profile === 'plain' ? PLAIN_VIEW : v1View(request.filter);
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

  /** Writes what is due. */
  pump(): void {
    this.subscriber?.pump();
  }

  /** Changes what is sent from now on. */
  narrow(filter: ViewFilter): void {
    this.view = v1View(filter);
    this.subscriber?.narrow(this.view);
  }

  /** Tells a client of the v1 profile where it stands, when nothing is outstanding. */
  tellPosition(): void {
    const id = this.profile === 'v1' ? this.subscriber?.position : undefined;
    if (id !== undefined) this.connection.send(this.context.messages.position(id));
  }

  /** To be called when the connection has ended. */
  ended(): void {
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

  private follow(cursor: number, replayUntil?: number): void {
    const options = { view: this.view, cursor, ...(replayUntil === undefined ? {} : { replayUntil }) };
    this.subscriber = new AlertSubscriber(this.context.feed, this.connection, this, options);
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
