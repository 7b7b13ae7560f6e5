import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Clock } from '../../lib/clock.js';
import { Poller } from '../../lib/poller.js';
import type { RedisConfig } from '../../config/config.js';
import type { Metrics } from '../observability/metrics.js';

/** Nobody waits longer for an answer: without Redis everything goes on. */
const ANSWER_MS = 200;
/** After a question without an answer nobody asks for this long, so that not every request waits. */
const AWAY_MS = 1_000;
const CONNECT_MS = 2_000;
const PING_EVERY_MS = 5_000;
/** A connection that does not answer this many pings is made anew: the other end may be gone without a word. */
const MAX_LOST_PINGS = 3;
/** The pause before connecting again doubles up to this, and is a random part of it. */
const MAX_PAUSE_MS = 2_000;

/** Redis did not answer, or was not asked because it did not answer just now. What was asked may have been done. */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisAway';

  constructor(
    /** Whether the command may have reached Redis. */
    readonly wasAsked: boolean,
    cause?: unknown,
  ) {
    super('Redis does not answer', { cause });
  }
}

/** What a connection is for. */
export type ConnectionName = 'commands' | 'hints';

/** One connection to Redis that is made again and again, and never keeps anybody waiting. */
export class RedisConnection {
  private readonly logger = new Logger(RedisConnection.name);
  private readonly client: Redis;
  private readonly heart: Poller;
  private awayUntil = -Infinity;
  private lostPings = 0;
  private isStopping = false;
  /** It answers, but not what it is there for: a ping is no sign that this is over. */
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
      // A command fails now or not at all: nobody wants the answer later.
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
    this.heart = new Poller(
      PING_EVERY_MS,
      () => this.ping(),
      (error) => this.failed(error),
    );
    this.metrics.redisUp.set({ connection: name }, 0);
  }

  /** Begins to connect; does not wait for it. */
  start(): void {
    this.client.connect().catch((error: unknown) => this.failed(error));
    this.heart.start();
  }

  /** Ends the connection. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.heart.stop();
    this.client.disconnect();
  }

  /** Makes the connection anew, after a pause; not one that was ended. */
  renew(): void {
    if (!this.isStopping) this.client.disconnect(true);
  }

  /** Whether the last question was answered. */
  get isUp(): boolean {
    return this.isAnswering === true && this.client.status === 'ready';
  }

  /** Calls `listener` whenever the connection was made. It must not throw. */
  onReady(listener: () => void): void {
    this.client.on('ready', listener);
  }

  /** Calls `listener` with what comes over the channels that {@link run} subscribed to. It must not throw. */
  onMessage(listener: (text: string) => void): void {
    this.client.on('message', (_channel: string, text: string) => listener(text));
  }

  /** Asks Redis something, for the named use. Throws RedisAway within a fraction of a second when it does not answer. */
  async run<T>(use: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
    const isAway = this.client.status !== 'ready' || this.clock.monotonic() < this.awayUntil;
    try {
      if (isAway) throw new RedisUnavailableError(false);
      const answer = await ask(this.client);
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

  /** The same for who goes on without the answer: undefined when there is none. */
  async attempt<T>(use: string, ask: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.run(use, ask);
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
      this.logger.warn(`Redis does not answer (${this.name}); going on without it: ${reasonOf(error)}`);
    this.isAnswering = false;
    this.metrics.redisUp.set({ connection: this.name }, 0);
  }
}

/** The code or the kind of an error: messages may hold what is written in the address. */
function reasonOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  if (!(error instanceof Error)) return 'unknown';
  return error.message === 'Command timed out'
    ? 'time-out'
    : (/^[A-Z]{4,20}\b/.exec(error.message)?.[0] ?? error.name);
}
