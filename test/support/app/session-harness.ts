import { Logger } from '@nestjs/common';
import { Writable } from 'node:stream';
import { DeliveryMeter } from '../../../src/delivery/alerts/delivery-meter.js';
import { FrameCache } from '../../../src/delivery/alerts/frame-cache.js';
import { Hub } from '../../../src/delivery/alerts/hub.js';
import { AlertMessages } from '../../../src/delivery/alerts/messages.js';
import type { SessionContext } from '../../../src/delivery/alerts/session.js';
import { SnapshotCache } from '../../../src/delivery/alerts/snapshot-cache.js';
import { Transport, type EndReason } from '../../../src/delivery/alerts/transport.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { AccessScopes } from '../../../src/platform/auth/access-scopes.js';
import { Metrics } from '../../../src/platform/observability/metrics.js';
import { openEmbeddedStorage } from '../../../src/storage/embedded/embedded-storage.js';
import { startAlertLog, type AlertLogProcess } from './alert-logs.js';
import { SettableClock } from './settable-clock.js';
import { temporaryFolder } from './temporary-folder.js';

// A line for each of a hundred subscribers would hide every other one of a test run.
Logger.overrideLogger(['log', 'warn', 'error', 'fatal']);

export interface KeptMessage {
  readonly type: string;
  readonly id?: string;
  readonly reason?: string;
  readonly count?: number;
  readonly replayed?: boolean;
}

/** The other end of a connection: reads everything at once, or nothing while it is held. */
class HeldReader extends Writable {
  isHeld = false;
  text = '';
  private readonly held: (() => void)[] = [];

  override _write(chunk: Buffer, _: string, done: () => void): void {
    const take = (): void => {
      this.text += chunk.toString();
      done();
    };
    if (this.isHeld) this.held.push(take);
    else take();
  }

  /** Reads one write that was held back; returns whether there was one. */
  readOne(): boolean {
    const take = this.held.shift();
    take?.();
    return take !== undefined;
  }
}

/** A connection in memory that keeps what is written, and reads as fast or as slowly as a test wants. */
export class KeptConnection extends Transport {
  readonly encoding = {
    name: 'sse',
    encode: (message: object) => Buffer.from(`${JSON.stringify(message)}\n`),
  } as const;
  readonly endings: EndReason[] = [];
  readonly writes: Buffer[] = [];
  verdict: 'alive' | 'dead_peer' | 'slow_consumer' = 'alive';
  isWritable = true;
  protected readonly out = new HeldReader({ highWaterMark: 1 });

  beat(): KeptConnection['verdict'] {
    return this.verdict;
  }

  end(reason: EndReason): void {
    this.endings.push(reason);
    this.isWritable = false;
  }

  override write(frames: Buffer): void {
    this.writes.push(frames);
    super.write(frames);
  }

  /** Reads nothing from now on. */
  hold(): void {
    this.out.isHeld = true;
  }

  /** Reads everything that was held back, and what follows. */
  readOn(): void {
    this.out.isHeld = false;
    while (this.out.readOne());
  }

  /** Bytes that wait for the reader. */
  get waiting(): number {
    return this.out.writableLength;
  }

  /** What the reader has got. */
  get messages(): KeptMessage[] {
    return this.out.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as KeptMessage);
  }

  /** The ids of the events that the reader has got. */
  get ids(): number[] {
    return this.messages
      .filter(({ type }) => !['connection', 'position', 'replay_complete', 'snapshot'].includes(type))
      .map(({ id }) => Number(id));
  }
}

/** An alert log on the embedded store, and what brings its events to subscribers. */
export class SessionHarness {
  readonly metrics = new Metrics();
  readonly ended: { readonly reason: EndReason; readonly error: unknown }[] = [];

  private constructor(
    readonly clock: SettableClock,
    readonly storage: ReturnType<typeof openEmbeddedStorage>,
    readonly process: AlertLogProcess,
    private readonly remove: () => Promise<void>,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  static async open(variables: Readonly<Record<string, string>> = {}): Promise<SessionHarness> {
    const clock = new SettableClock(1_700_000_000_000);
    const { path, remove } = await temporaryFolder();
    const storage = openEmbeddedStorage(path);
    const process = await startAlertLog(storage.alertLog, clock);
    return new SessionHarness(clock, storage, process, remove, variables);
  }

  get log(): AlertLogProcess['log'] {
    return this.process.log;
  }

  /** A cache whose ring begins now, as after a start. */
  frames(): FrameCache {
    const frames = new FrameCache(this.log, this.storage.alertLog, this.messages());
    frames.onModuleInit();
    return frames;
  }

  /** What sessions need, around a cache. Ends are kept in {@link ended}. */
  context(frames: FrameCache): SessionContext {
    const { log, metrics, clock } = this;
    const messages = this.messages();
    return {
      ...{ log, frames, messages, metrics },
      snapshots: new SnapshotCache(log, messages),
      scopes: new AccessScopes(loadConfig({})),
      meter: new DeliveryMeter(metrics, 'sse', () => clock.now()),
      end: (connection, reason, error) => {
        this.ended.push({ reason, error });
        connection.end(reason);
      },
    };
  }

  /** A hub around a cache. The caller ends it with `beforeApplicationShutdown`. */
  hub(frames: FrameCache): Hub {
    const { metrics, clock } = this;
    const config = loadConfig(this.variables);
    const messages = this.messages();
    const snapshots = new SnapshotCache(this.log, messages);
    const hub = new Hub(
      ...([this.log, frames, messages, snapshots, metrics, clock, config, new AccessScopes(config)] as const),
    );
    hub.onModuleInit();
    return hub;
  }

  async close(): Promise<void> {
    await this.process.stop();
    await this.storage.close();
    await this.remove();
  }

  private messages(): AlertMessages {
    return new AlertMessages(loadConfig({}), this.clock);
  }
}
