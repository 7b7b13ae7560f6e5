import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { AccessScopes } from '../../platform/auth/access-scopes.js';
import type { Admission } from '../../platform/auth/token-verifier.js';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import { failpoint } from '../../lib/failpoints.js';
import { Metrics } from '../../platform/observability/metrics.js';
import type { Transport, EndReason } from './transport.js';
import { FrameCache } from './frame-cache.js';
import { AlertMessages } from './messages.js';
import { Session, type SessionContext } from './session.js';
import { DeliveryMeter } from './delivery-meter.js';
import type { FrameEncoding } from './frame-encoding.js';
import { SnapshotCache } from './snapshot-cache.js';
import type { SubscriptionRequest } from './client-protocol.js';

/** Sessions served in one turn of the event loop: a few milliseconds, so that the rest of the server stays prompt. */
const SERVED_AT_ONCE = 256;

type Channel = FrameEncoding['name'];

interface Entry {
  readonly session: Session;
  /** When it began: milliseconds since 1970. */
  readonly since: number;
}

/** Every subscriber of this process, for any protocol: sends new events to them, and detects those that are gone. */
@Injectable()
export class Hub implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(Hub.name);
  private readonly entries = new Map<Transport, Entry>();
  private readonly contexts: Readonly<Record<Channel, SessionContext>>;
  private heartbeat: NodeJS.Timeout | undefined;
  private hasNewEvents = false;
  private isServing = false;
  private whenEmpty: (() => void) | undefined;

  constructor(
    log: AlertLog,
    private readonly frames: FrameCache,
    messages: AlertMessages,
    snapshots: SnapshotCache,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly config: Config,
    scopes: AccessScopes,
  ) {
    const context = (channel: Channel): SessionContext => ({
      log,
      frames,
      messages,
      snapshots,
      metrics,
      meter: new DeliveryMeter(metrics, channel, () => clock.now()),
      scopes,
      end: (connection, reason, error) => this.end(connection, reason, error),
    });
    this.contexts = { websocket: context('websocket'), sse: context('sse') };
  }

  onModuleInit(): void {
    this.frames.onAdvance(() => {
      this.hasNewEvents = true;
      if (!this.isServing) void this.serveAll();
    });
    this.heartbeat = setInterval(() => this.beat(), this.config.webSocket.heartbeatMs);
    this.heartbeat.unref();
    this.metrics.beforeScrape(() => this.reportMetrics());
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.heartbeat);
  }

  /** How many subscribers there are. */
  get size(): number {
    return this.entries.size;
  }

  /** True when no further connection may be accepted. */
  get isFull(): boolean {
    return this.size >= this.config.webSocket.maxConnections;
  }

  /** Begins a session; {@link closed} must be called once its connection has ended. */
  open(connection: Transport, request: SubscriptionRequest, admission: Admission): void {
    const context = this.contexts[connection.encoding.name];
    const session = new Session(context, connection, request, admission);
    this.entries.set(connection, { session, since: this.clock.now() });
    session.begin();
    this.logger.debug({ subscribers: this.size }, 'A subscriber connected');
  }

  /** The session of a connection that is open. */
  of(connection: Transport): Session | undefined {
    return this.entries.get(connection)?.session;
  }

  /** Removes the session of a connection that has ended. */
  closed(connection: Transport): void {
    const entry = this.entries.get(connection);
    if (!entry) return;
    this.entries.delete(connection);
    entry.session.ended();
    const seconds = Math.max(0, this.clock.now() - entry.since) / 1_000;
    this.metrics.connectionDuration.observe({ channel: connection.encoding.name }, seconds);
    this.logger.debug({ subscribers: this.size }, 'A subscriber disconnected');
    if (this.size === 0) this.whenEmpty?.();
  }

  /** Ends every connection, because the server stops. Resolves when all have ended. */
  async endAll(): Promise<void> {
    if (this.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.whenEmpty = resolve;
    });
    for (const connection of this.entries.keys()) connection.end('server_stopping');
    await empty;
  }

  /** Sends new events to every session. A session that was served before more events came gets them in the next round. */
  private async serveAll(): Promise<void> {
    this.isServing = true;
    while (this.hasNewEvents) {
      this.hasNewEvents = false;
      let served = 0;
      // Sessions that begin or end meanwhile do not disturb the iteration.
      for (const { session } of this.entries.values()) {
        session.pump();
        served += 1;
        failpoint('feed.partly_sent');
        if (served % SERVED_AT_ONCE === 0) await nextTurn();
      }
    }
    this.isServing = false;
  }

  private end(connection: Transport, reason: EndReason, error?: unknown): void {
    if (error !== undefined)
      this.logger.error({ err: error }, 'The alert log could not be read for a subscriber');
    this.metrics.connectionErrors.inc({ channel: connection.encoding.name, reason });
    connection.end(reason);
  }

  private beat(): void {
    const now = this.clock.now();
    for (const { session } of this.entries.values()) {
      const { connection } = session;
      if (!connection.isOpen) continue;
      const verdict = connection.beat(now);
      if (verdict === 'alive') session.sendPosition();
      else this.end(connection, verdict);
    }
  }

  private reportMetrics(): void {
    const seen = { websocket: { count: 0, lag: 0 }, sse: { count: 0, lag: 0 } };
    for (const { session } of this.entries.values()) {
      const of = seen[session.connection.encoding.name];
      of.count += 1;
      of.lag = Math.max(of.lag, session.lag);
    }
    for (const [channel, { count, lag }] of Object.entries(seen)) {
      this.metrics.connections.set({ channel }, count);
      this.metrics.readerLag.set({ channel }, lag);
    }
    this.metrics.logHead.set(this.frames.head);
  }
}
