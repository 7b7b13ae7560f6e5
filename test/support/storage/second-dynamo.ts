import { startDynamoProcess } from './dynamo-process.js';
import type { TestDynamo } from './dynamodb.js';

const SCRIPT = new URL('../../../tools/dynamodb-double/main.mjs', import.meta.url);
/** `npm test` is to say the same each time; `npm run test:dynamodb -- --hostile` takes others. */
const HOSTILE_SEED = 349_775;

/**
 * The second DynamoDB in a process of its own, which has Streams; or the one that DYNAMODB_ENDPOINT names. A hostile one does
 * all that AWS may do, and prints its seed.
 */
export function startSecondDynamo({ isHostile = false } = {}): Promise<TestDynamo> {
  const args = isHostile ? ['--hostile', '--seed', String(HOSTILE_SEED)] : [];
  return startDynamoProcess({ script: SCRIPT, args, isShown: isHostile });
}
