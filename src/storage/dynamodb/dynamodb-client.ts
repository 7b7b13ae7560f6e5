import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, NumberValue } from '@aws-sdk/lib-dynamodb';
import type { StorageConfig } from '../../config/config.js';

export type DynamoConfig = Extract<StorageConfig, { driver: 'dynamodb' }>;

const MAX_ATTEMPTS = 6;
const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_SOCKETS = 64;

/** A client with bounds on time and attempts. Credentials come from the SDK's default chain. */
export function createDynamoClient({ region, endpoint }: DynamoConfig): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    region,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      httpsAgent: { maxSockets: MAX_SOCKETS },
      httpAgent: { maxSockets: MAX_SOCKETS },
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    // An emulator on this machine checks no credentials, but the SDK must have some to sign with.
    ...(endpoint !== undefined && isLoopback(endpoint)
      ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
      : {}),
  });
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: exactNumber },
  });
}

/**
 * A number of an item; one that JavaScript would round (other tools write up to 38 digits) stays as it is, so that a
 * condition can compare it, and is no reason to fail a read.
 */
function exactNumber(text: string): number | NumberValue {
  const number = Number(text);
  return String(number) === text ? number : NumberValue.from(text);
}

function isLoopback(endpoint: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}
