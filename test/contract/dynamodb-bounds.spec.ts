import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { meterCalls } from '../../src/storage/dynamodb/call-meter.js';
import { createDynamoClient } from '../../src/storage/dynamodb/dynamodb-client.js';
import { PatientRetries } from '../../src/storage/dynamodb/retry-strategy.js';
import { openDynamoStorage } from '../../src/storage/dynamodb/dynamodb-storage.js';
import { StorageError } from '../../src/storage/ports/storage-error.js';
import type { StorageCall } from '../../src/storage/ports/storage-meter.js';
import { TEST_REGION } from '../support/storage/dynamodb.js';

/** Of a test that waits for a bound. Where the machine is busy a good answer may come too late, too, and is asked for again. */
const SHORT = { connectMs: 300, answerMs: 300 };
/** Never met. */
const LONG = { connectMs: 60_000, answerMs: 60_000 };

let server: Server;
let client: DynamoDBDocumentClient;
let calls: StorageCall[];

async function dynamoThat(answers: RequestListener, bounds = LONG): Promise<void> {
  server = createServer(answers).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = createDynamoClient({ region: TEST_REGION, endpoint: `http://127.0.0.1:${port}` }, bounds);
  calls = [];
  meterCalls(client, { called: (call) => calls.push(call) }, 'p_');
}
afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

const read = () => client.send(new GetCommand({ TableName: 'p_Employees', Key: { Employee_ID: 'E1' } }));
const found = JSON.stringify({
  Item: { Employee_ID: { S: 'E1' } },
  ConsumedCapacity: { TableName: 'p_Employees', CapacityUnits: 1 },
});

/** The first requests end badly; then it answers. */
function afterSome(count: number, bad: RequestListener): RequestListener {
  let left = count;
  return (request, response) => {
    if (left === 0) return void response.end(found);
    left -= 1;
    bad(request, response);
  };
}

describe('a call to DynamoDB', () => {
  it.each<[string, RequestListener]>([
    ['is not answered', () => undefined],
    ['is answered in part', (_request, response) => void response.writeHead(200).write('{"Item":')],
    ['is cut off', (request) => void request.socket.destroy()],
    ['meets a fault of the service', (_request, response) => void response.writeHead(500).end('{}')],
  ])('that %s is sent again, and its answer taken', async (_, bad) => {
    await dynamoThat(afterSome(2, bad), SHORT);
    expect((await read()).Item).toEqual({ Employee_ID: 'E1' });
    expect(calls).toMatchObject([{ operation: 'GetItem', table: 'Employees', outcome: 'ok' }]);
    expect(calls[0]?.attempts).toBeGreaterThanOrEqual(3);
  });

  it('that is throttled waits as long as it takes, whatever others had to wait', async () => {
    const throttle = JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException' });
    const perCall = new Map<string, number>();
    await dynamoThat((request, response) => {
      const id = String(request.headers['amz-sdk-invocation-id']);
      const before = perCall.get(id) ?? 0;
      perCall.set(id, before + 1);
      if (before < 4) response.writeHead(400).end(throttle);
      else response.end(found);
    });
    // 400 repetitions: four times what the SDK's own budget allows.
    await Promise.all(Array.from({ length: 100 }, read));
    expect(new Set(calls.map(({ attempts, outcome }) => `${outcome} ${attempts}`))).toEqual(
      new Set(['ok 5']),
    );
  });

  it('that the caller got wrong is not sent again', async () => {
    const __type = 'com.amazonaws.dynamodb.v20120810#ValidationException';
    await dynamoThat((_request, response) => void response.writeHead(400).end(JSON.stringify({ __type })));
    await expect(read()).rejects.toMatchObject({ name: 'ValidationException' });
    expect(calls).toMatchObject([{ outcome: 'failed', attempts: 1, readUnits: 0 }]);
  });
});

describe('the pauses before a call is sent again', () => {
  async function pausesOf(errorType: 'THROTTLING' | 'TRANSIENT'): Promise<number[]> {
    let now = 0;
    const retries = new PatientRetries({ now: () => now, random: () => 1 });
    const pauses: number[] = [];
    const goOn = async (): Promise<void> => {
      for (let token = await retries.acquireInitialRetryToken(); ;) {
        token = await retries.refreshRetryTokenForRetry(token, { errorType });
        pauses.push(token.getRetryDelay());
        now += token.getRetryDelay();
      }
    };
    await expect(goOn()).rejects.toThrow('Not sent again');
    return pauses;
  }

  it('grow to five seconds, and end after twenty', async () => {
    expect(await pausesOf('THROTTLING')).toEqual([50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  });

  it('end sooner where nobody answers', async () => {
    expect(await pausesOf('TRANSIENT')).toEqual([50, 100, 200, 400, 800]);
  });
});

describe('the question whether DynamoDB answers', () => {
  it('is given up before an attempt at a call is, so that readiness is told soon', async () => {
    await dynamoThat(() => undefined);
    const { port } = server.address() as AddressInfo;
    const storage = await openDynamoStorage({
      driver: 'dynamodb',
      region: TEST_REGION,
      endpoint: `http://127.0.0.1:${port}`,
      createTables: false,
      tablePrefix: 'p_',
      streams: 'off',
    });
    const began = performance.now();
    await expect(storage.health.ping()).rejects.toBeInstanceOf(StorageError);
    expect(performance.now() - began).toBeLessThan(10_000);
    await storage.close();
  });
});
