import { temporaryFolder } from '../support/app/temporary-folder.js';
import { startDynamo } from '../support/storage/dynamodb.js';
import { mainJobSuite } from './main-job.js';

mainJobSuite('DynamoDB', async () => {
  const [folder, dynamo] = await Promise.all([temporaryFolder(), startDynamo()]);
  return {
    variables: { ...dynamo.variables, DATA_DIR: folder.path },
    remove: async () => {
      await dynamo.stop();
      await folder.remove();
    },
  };
});
