import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import type { Variables } from './app.js';

/** A DynamoDB for tests: dynalite in this process, or the one that DYNAMODB_ENDPOINT names. */
export interface TestDynamo {
  /** Settings for an installation of its own: no other sees its tables. */
  readonly variables: Variables;
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/** Starts one. */
export async function startDynamo(): Promise<TestDynamo> {
  const given = process.env.DYNAMODB_ENDPOINT;
  if (given !== undefined) return useDynamo(given, () => Promise.resolve());
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // Otherwise it hangs up after 5 s, just as the client sends on that connection, and again at each of its attempts.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return useDynamo(`http://127.0.0.1:${port}`, async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
}

/** The DynamoDB at an endpoint, with an installation of its own. */
export function useDynamo(endpoint: string, stop: TestDynamo['stop']): TestDynamo {
  // The SDK says once a process that it will want a newer Node; in tests that is noise.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  return { endpoint, variables: variablesFor(endpoint), stop };
}

function variablesFor(endpoint: string): Variables {
  return {
    STORAGE: 'dynamodb',
    AWS_REGION: 'eu-central-1',
    DYNAMODB_ENDPOINT: endpoint,
    DYNAMODB_CREATE_TABLES: 'true',
    TABLE_PREFIX: `t${randomUUID().slice(0, 8)}_`,
  };
}
