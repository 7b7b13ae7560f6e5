import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { givenDynamo, useDynamo, type TestDynamo } from './dynamodb.js';

const SCRIPT = fileURLToPath(new URL('../dynamodb-server/main.mjs', import.meta.url));

/** `npm test` is to say the same each time; `npm run test:dynamodb -- --hostile` takes others. */
const HOSTILE_SEED = 349_775;

/**
 * The second DynamoDB in a process of its own, which has Streams; or the one that DYNAMODB_ENDPOINT names. A hostile one does
 * all that AWS may do, and prints its seed.
 */
export async function startSecondDynamo({ isHostile = false } = {}): Promise<TestDynamo> {
  const given = process.env.DYNAMODB_ENDPOINT;
  if (given !== undefined) return givenDynamo(given);
  const child = fork(SCRIPT, isHostile ? ['--hostile', '--seed', String(HOSTILE_SEED)] : [], {
    execArgv: [],
    stdio: ['ignore', isHostile ? 'inherit' : 'ignore', 'inherit', 'ipc'],
  });
  const [port] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('The second DynamoDB ended before it listened');
    }),
  ])) as [number];
  return useDynamo(`http://127.0.0.1:${port}`, async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
}
