import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Clock } from '../../lib/clock.js';
import { codeOf } from '../../lib/error-code.js';
import { PeriodicJob } from '../../lib/periodic-job.js';
import type { RedisConfig } from '../../config/config.js';
import type { Metrics } from '../observability/metrics.js';

/** The time-out of a command. Everything works without Redis, so no request waits longer. */
const ANSWER_MS = 200;
/** How long commands fail at once after one without an answer, so that not every request waits. */
const AWAY_MS = 1_000;
const CONNECT_MS = 2_000;
const PING_EVERY_MS = 5_000;
/** The connection is renewed after this many lost pings: the peer can disappear without closing it. */
const MAX_LOST_PINGS = 3;
/** The pause before a reconnection doubles up to this many milliseconds, with random jitter. */
const MAX_PAUSE_MS = 2_000;

/** Redis did not answer, or the command was not sent because Redis did not answer shortly before. A command that was sent may have been executed. */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisAway';

  constructor(
    /** Whether the command was sent, and so may have been executed. */
    readonly wasSent: boolean,
    cause?: unknown,
  ) {
    super('Redis does not answer', { cause });
  }
}

/** The purpose of a connection. */
export type ConnectionName = 'commands' | 'hints';

/** A Redis connection that reconnects automatically and fails fast. */
export class RedisConnection {
  private readonly logger = new Logger(RedisConnection.name);
  private readonly client: Redis;
  private readonly pings: PeriodicJob;
  private awayUntil = -Infinity;
  private lostPings = 0;
  private isStopping = false;
  /** Redis answers pings but refuses commands. Only a successful command ends this state. */
  private isRefused = false;
  /** Undefined until the first answer, or the first failure. */
  private isAnswering: boolean | undefined;

  constructor(
    private readonly name: ConnectionName,
    { url }: RedisConfig,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    random: () => number,
  ) {
    this.client = new Redis(url.reveal(), {
      lazyConnect: true,
      connectTimeout: CONNECT_MS,
      commandTimeout: ANSWER_MS,
      // A command fails at once: a late answer is useless.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      autoResubscribe: false,
      keepAlive: PING_EVERY_MS,
      retryStrategy: (times) => Math.ceil((0.5 + random() / 2) * Math.min(MAX_PAUSE_MS, 50 * 2 ** times)),
    });
    this.client.on('error', (error: unknown) => this.failed(error));
    this.client.on('ready', () => {
      this.awayUntil = -Infinity;
      void this.ping();
    });
    this.client.on('close', () => {
      if (!this.isStopping) this.failed(new Error('CLOSED'));
    });
    this.pings = new PeriodicJob(
      {
        everyMs: PING_EVERY_MS,
        logger: this.logger,
        failure: 'The connection to Redis could not be renewed',
      },
      () => this.ping(),
    );
    this.metrics.redisUp.set({ connection: name }, 0);
  }

  /** Begins to connect. Does not wait for the connection. */
  start(): void {
    this.client.connect().catch((error: unknown) => this.failed(error));
    this.pings.start();
  }

  /** Ends the connection. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.pings.stop();
    this.client.disconnect();
  }

  /** Closes the connection and reconnects after a pause. Does nothing after {@link stop}. */
  renew(): void {
    if (!this.isStopping) this.client.disconnect(true);
  }

  /** Whether Redis answered the last command or ping. */
  get isUp(): boolean {
    return this.isAnswering === true && this.client.status === 'ready';
  }

  /** Calls `listener` after every connection. It must not throw. */
  onReady(listener: () => void): void {
    this.client.on('ready', listener);
  }

  /** Calls `listener` with each message of the channels that {@link run} subscribed to. It must not throw. */
  onMessage(listener: (text: string) => void): void {
    this.client.on('message', (_channel: string, text: string) => listener(text));
  }

  /** Runs a command for the named use. Throws RedisUnavailableError within a fraction of a second when Redis does not answer. */
  async run<T>(use: string, command: (redis: Redis) => Promise<T>): Promise<T> {
    const isAway = this.client.status !== 'ready' || this.clock.monotonic() < this.awayUntil;
    try {
      if (isAway) throw new RedisUnavailableError(false);
      const answer = await command(this.client);
      this.isRefused = false;
      this.answered();
      return answer;
    } catch (error) {
      this.metrics.redisFailures.inc({ use });
      if (error instanceof RedisUnavailableError) throw error;
      this.isRefused = error instanceof Error && error.name === 'ReplyError';
      this.failed(error);
      throw new RedisUnavailableError(true, error);
    }
  }

  /** Like {@link run} for callers that can do without the answer: undefined when there is none. */
  async attempt<T>(use: string, command: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.run(use, command);
    } catch (error) {
      if (error instanceof RedisUnavailableError) return undefined;
      throw error;
    }
  }

  private async ping(): Promise<void> {
    if (this.client.status !== 'ready') return;
    try {
      await this.client.ping();
      this.lostPings = 0;
      if (!this.isRefused) this.answered();
    } catch (error) {
      this.lostPings += 1;
      this.failed(error);
      if (this.lostPings < MAX_LOST_PINGS) return;
      this.lostPings = 0;
      this.renew();
    }
  }

  private answered(): void {
    this.awayUntil = -Infinity;
    if (this.isAnswering === false) this.logger.log(`Redis answers again (${this.name})`);
    this.isAnswering = true;
    this.metrics.redisUp.set({ connection: this.name }, 1);
  }

  private failed(error: unknown): void {
    this.awayUntil = this.clock.monotonic() + AWAY_MS;
    if (this.isAnswering !== false)
      this.logger.warn(`Redis does not answer (${this.name}); continuing without it: ${reasonOf(error)}`);
    this.isAnswering = false;
    this.metrics.redisUp.set({ connection: this.name }, 0);
  }
}

/** The code or the kind of an error, never its message: that can hold credentials of the address. */
function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== undefined) return code;
  if (!(error instanceof Error)) return 'unknown';
  return error.message === 'Command timed out'
    ? 'time-out'
    : (/^[A-Z]{4,20}\b/.exec(error.message)?.[0] ?? error.name);
}
