import { startDynamoProcess } from './dynamo-process.js';
import type { TestDynamo } from './dynamodb.js';

const SCRIPT = new URL('./dynalite-child.mjs', import.meta.url);

/**
 * A DynamoDB for servers that are killed: dynalite in a process of its own, or the one that DYNAMODB_ENDPOINT names. It
 * shares neither the event loop of the test nor the fate of a server.
 */
export function startDynaliteProcess(): Promise<TestDynamo> {
  return startDynamoProcess({ script: SCRIPT });
}
