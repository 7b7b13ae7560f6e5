import { loadConfig } from '../../src/config/load-config.js';
import { openDynamoStorage } from '../../src/storage/dynamodb/dynamodb-storage.js';
import { startDynamo } from '../support/storage/dynamodb.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { crashSuite } from './crash.js';

const BULK = 10;
/** One of each kind: starting processes takes long, and the rest does not depend on the store. */
const POINTS = [
  'upload.accepted',
  'sync.employees_batch',
  'sync.departments_written',
  'upload.recorded',
] as const;

crashSuite(
  'DynamoDB',
  async () => {
    const [folder, dynamo] = await Promise.all([temporaryFolder(), startDynamo()]);
    const variables = { ...dynamo.variables, DATA_DIR: folder.path };
    const { storage } = loadConfig(variables);
    if (storage.driver !== 'dynamodb') throw new Error('The settings are for DynamoDB');
    return {
      dataDir: folder.path,
      variables,
      open: () => openDynamoStorage(storage),
      remove: async () => {
        await dynamo.stop();
        await folder.remove();
      },
    };
  },
  { bulk: BULK, points: POINTS },
);
