// Starts a DynamoDB in a process of its own and stops it again.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** dynalite. `variables` are those of a server that uses it. */
export function startDynalite(execArgv = []) {
  return start(root('test/support/storage/dynalite-child.mjs'), execArgv);
}

/** The second DynamoDB of the tests, which holds a million items and reads them all in reasonable time. */
export function startSecondDynamo(execArgv = []) {
  return start(root('tools/dynamodb-double/main.mjs'), execArgv);
}

async function start(script, execArgv) {
  const child = fork(script, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [port] = await once(child, 'message');
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    variables: {
      STORAGE: 'dynamodb',
      AWS_REGION: 'local',
      DYNAMODB_ENDPOINT: endpoint,
      DYNAMODB_CREATE_TABLES: 'true',
    },
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
