// Starts a dynalite in a process of its own and stops it again.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../test/support/dynalite-child.mjs', import.meta.url));

/** `variables` are those of a server that uses it. */
export async function startDynalite(execArgv = []) {
  const child = fork(SCRIPT, { execArgv });
  const [port] = await once(child, 'message');
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    variables: {
      STORAGE: 'dynamodb',
      AWS_REGION: 'local',
      DYNAMODB_ENDPOINT: endpoint,
      DYNAMODB_CREATE_TABLES: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
