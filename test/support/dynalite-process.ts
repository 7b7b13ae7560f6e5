import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { givenDynamo, useDynamo, type TestDynamo } from './dynamodb.js';

const SCRIPT = fileURLToPath(new URL('./dynalite-child.mjs', import.meta.url));

/**
 * A DynamoDB for servers that are killed: dynalite in a process of its own, or the one that DYNAMODB_ENDPOINT names. It
 * shares neither the event loop of the test nor the fate of a server.
 */
export async function startDynaliteProcess(): Promise<TestDynamo> {
  const given = process.env.DYNAMODB_ENDPOINT;
  if (given !== undefined) return givenDynamo(given);
  const child = fork(SCRIPT, { execArgv: [] });
  const [port] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('dynalite ended before it listened');
    }),
  ])) as [number];
  return useDynamo(`http://127.0.0.1:${port}`, async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
}
