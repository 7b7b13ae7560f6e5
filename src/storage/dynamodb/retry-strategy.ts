import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type RetryStrategy = Extract<
  Exclude<DynamoDBClientConfig['retryStrategy'], undefined>,
  { acquireInitialRetryToken: unknown }
>;
type Token = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;
type ErrorInfo = Parameters<RetryStrategy['refreshRetryTokenForRetry']>[1];

/** A monotonic clock in milliseconds, and random numbers from 0 to 1. */
export interface RetryMeans {
  readonly now: () => number;
  readonly random: () => number;
}

const REAL_MEANS: RetryMeans = { now: () => performance.now(), random: Math.random };

/** No call is resent later than this after its first attempt, in milliseconds. */
const DEADLINE_MS = 20_000;
/** The most attempts at a call that DynamoDB does not answer: the caller must learn of it soon. */
const MAX_UNANSWERED = 6;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

class CallToken {
  constructor(
    private readonly count: number,
    private readonly delayMs: number,
    readonly startedAt: number,
  ) {}

  getRetryCount(): number {
    return this.count;
  }

  getRetryDelay(): number {
    return this.delayMs;
  }
}

/**
 * Sends calls again that DynamoDB throttled, or that may not have reached it, after 50 ms, doubled each time up to 5 s,
 * with full jitter, for up to 20 s; what fails, six times at most. What is not answered takes its whole time-out of the
 * 20 s, and so is sent again once. Unlike the SDK's own there is no budget of retries that all calls share: a table
 * that scales up under an upload throttles hundreds of calls for a while, and each of them must only wait. How many are
 * under way at once is bounded where they are made.
 */
export class PatientRetries implements RetryStrategy {
  constructor(private readonly means: RetryMeans = REAL_MEANS) {}

  acquireInitialRetryToken(): Promise<Token> {
    return Promise.resolve(new CallToken(0, 0, this.means.now()));
  }

  /** Rejects when the call is not resent. */
  refreshRetryTokenForRetry(token: Token, { errorType }: ErrorInfo): Promise<Token> {
    const startedAt = token instanceof CallToken ? token.startedAt : this.means.now();
    const count = token.getRetryCount() + 1;
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (count - 1));
    const delayMs = Math.floor(this.means.random() * longest);
    const isWorthIt = errorType === 'THROTTLING' || (errorType === 'TRANSIENT' && count < MAX_UNANSWERED);
    if (!isWorthIt || this.means.now() + delayMs - startedAt > DEADLINE_MS)
      return Promise.reject(new Error('Not sent again'));
    return Promise.resolve(new CallToken(count, delayMs, startedAt));
  }

  recordSuccess(): void {
    // Nothing is shared between calls.
  }
}
