import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { givenDynamo, useDynamo, type TestDynamo } from './dynamodb.js';

interface DynamoProcess {
  /** Sends its port once it listens. */
  readonly script: URL;
  readonly args?: readonly string[];
  /** Whether what it prints is shown. */
  readonly isShown?: boolean;
}

/** A DynamoDB in a process of its own; or the one that DYNAMODB_ENDPOINT names. */
export async function startDynamoProcess({
  script,
  args = [],
  isShown = false,
}: DynamoProcess): Promise<TestDynamo> {
  const given = process.env.DYNAMODB_ENDPOINT;
  if (given !== undefined) return givenDynamo(given);
  const child = fork(fileURLToPath(script), args, {
    execArgv: [],
    stdio: ['ignore', isShown ? 'inherit' : 'ignore', 'inherit', 'ipc'],
  });
  const [port] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('The DynamoDB ended before it listened');
    }),
  ])) as [number];
  return useDynamo(`http://127.0.0.1:${port}`, async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
}
