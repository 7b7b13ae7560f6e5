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
/** How an installation is known in the logs of AWS. */
const USER_AGENT = 'pulsewatch';
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
  spareWorkPerCall(client);
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: exactNumber },
  });
  // The SDK copies its configuration three times for a call, and V8 copies one that has grown name by name ten times as
  // slowly as a copy.
  return Object.assign(documents, { config: { ...documents.config } });
}

/** Does once what the SDK does anew for every call: an import makes a call for every employee. */
function spareWorkPerCall(client: DynamoDBClient): void {
  // There is no logger to write to, and each input and output would be copied for it.
  client.middlewareStack.remove('loggerMiddleware');
  // A server is no function of Lambda that might call itself.
  client.middlewareStack.remove('recursionDetectionMiddleware');
  // A signer is made from a copy of the whole configuration, and all calls are signed alike.
  const { signer: makeSigner } = client.config;
  let signer: ReturnType<typeof makeSigner> | undefined;
  client.config.signer = (scheme) => (signer ??= makeSigner(scheme));
  // It says the same each time, too.
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
 * A number of an item; one that JavaScript would round (other tools write up to 38 digits) stays as it is, so that a
 * condition can compare it, and is no reason to fail a read.
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
