import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, NumberValue } from '@aws-sdk/lib-dynamodb';
import type { StorageConfig } from '../../config/config.js';
import { PatientRetries } from './retry-strategy.js';

export type DynamoConfig = Extract<StorageConfig, { driver: 'dynamodb' }>;

/** The time-outs of one attempt at a call. */
export interface CallBounds {
  readonly connectMs: number;
  /** Until a response begins, and the longest silence within one. */
  readonly answerMs: number;
}

const BOUNDS: CallBounds = { connectMs: 3_000, answerMs: 10_000 };
/** The user agent in the logs of AWS. */
const USER_AGENT = 'pulsewatch';
/** More than the concurrent calls, so that no call waits for a connection. */
const MAX_SOCKETS = 128;

/** A client with time-outs and bounded retries. Credentials come from the SDK's default chain. */
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
  spareWorkPerCall(client);
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: exactNumber },
  });
  // The SDK copies its configuration three times per call. V8 copies an object that grew name by name ten times as
  // slowly as a copy of it.
  return Object.assign(documents, { config: { ...documents.config } });
}

/** Does once what the SDK repeats for every call: an import makes a call for every employee. */
function spareWorkPerCall(client: DynamoDBClient): void {
  // Copies each input and output for a logger that does not exist.
  client.middlewareStack.remove('loggerMiddleware');
  // Detects Lambda functions that call themselves; a server is none.
  client.middlewareStack.remove('recursionDetectionMiddleware');
  // Every call would build a signer from a copy of the whole configuration, and all calls are signed alike.
  const { signer: makeSigner } = client.config;
  let signer: ReturnType<typeof makeSigner> | undefined;
  client.config.signer = (scheme) => (signer ??= makeSigner(scheme));
  // The user agent is the same for every call, too.
  client.middlewareStack.remove('getUserAgentMiddleware');
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (isObject(request) && 'headers' in request && isObject(request.headers))
        Object.assign(request.headers, { 'user-agent': USER_AGENT });
      return next(args);
    },
    { step: 'build', name: 'pulsewatchUserAgent' },
  );
}

/**
 * A number of an item. One that JavaScript would round (other tools write up to 38 digits) keeps all its digits, so
 * that a condition can compare it and no read fails on it.
 */
export function exactNumber(text: string): number | NumberValue {
  const number = Number(text);
  return String(number) === text ? number : NumberValue.from(text);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isLoopback(endpoint: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}
