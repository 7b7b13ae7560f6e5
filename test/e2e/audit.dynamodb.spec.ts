import { startDynamo } from '../support/storage/dynamodb.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { auditSuite } from './audit.js';

auditSuite('DynamoDB', async () => {
  const [folder, dynamo] = await Promise.all([temporaryFolder(), startDynamo()]);
  return {
    variables: { ...dynamo.variables, DATA_DIR: folder.path },
    remove: async () => {
      await dynamo.stop();
      await folder.remove();
    },
  };
});
