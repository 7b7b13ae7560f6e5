import { openDynamoStorage } from '../../src/storage/dynamodb/dynamodb-storage.js';
import { startDynaliteProcess } from '../support/storage/dynalite-process.js';
import { dynamoConfig } from '../support/storage/storage-dynamo.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { faultSuite } from './fault-suite.js';
import type { Size } from './scenario.js';

const SIZE: Size = { employees: [10, 60], many: [100, 250], steps: [5, 8], killWithinMs: 1_500 };

faultSuite('dynamodb', SIZE, [1, 2], async () => {
  const [folder, dynamo] = await Promise.all([temporaryFolder(), startDynaliteProcess()]);
  const { variables, stop } = dynamo;
  const open = () => openDynamoStorage(dynamoConfig(dynamo, variables.TABLE_PREFIX ?? ''));
  const remove = () => Promise.all([stop(), folder.remove()]);
  return { variables, dataDir: folder.path, open, remove };
});
