import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, NumberValue } from '@aws-sdk/lib-dynamodb';
import type { StorageConfig } from '../../config/config.js';
import { PatientRetries } from './retry-strategy.js';

export type DynamoConfig = Extract<StorageConfig, { driver: 'dynamodb' }>;

/** How long one attempt at a call may take. */
export interface CallBounds {
  readonly connectMs: number;
  /** Until an answer begins; and the longest silence in the middle of one. */
  readonly answerMs: number;
}

const BOUNDS: CallBounds = { connectMs: 3_000, answerMs: 10_000 };
/** More than are under way at once, so that no call waits for a connection. */
const MAX_SOCKETS = 128;

/** A client with bounds on time and repetition. Credentials come from the SDK's default chain. */
export function createDynamoClient(
  { region, endpoint }: Pick<DynamoConfig, 'region' | 'endpoint'>,
  bounds = BOUNDS,
): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    region,
    retryStrategy: new PatientRetries(),
    requestHandler: {
      connectionTimeout: bounds.connectMs,
      requestTimeout: bounds.answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: bounds.answerMs,
      httpsAgent: { maxSockets: MAX_SOCKETS },
      httpAgent: { maxSockets: MAX_SOCKETS },
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    // An emulator on this machine checks no credentials, but the SDK must have some to sign with.
    ...(endpoint !== undefined && isLoopback(endpoint)
      ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
      : {}),
  });
  // It has no logger to write to, and copies each input and output for it.
  client.middlewareStack.remove('loggerMiddleware');
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: exactNumber },
  });
}

/**
 * A number of an item; one that JavaScript would round (other tools write up to 38 digits) stays as it is, so that a
 * condition can compare it, and is no reason to fail a read.
 */
export function exactNumber(text: string): number | NumberValue {
  const number = Number(text);
  return String(number) === text ? number : NumberValue.from(text);
}

function isLoopback(endpoint: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}
